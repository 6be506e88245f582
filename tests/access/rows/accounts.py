"""Accounts: own pages for everybody signed in, roles for managers; allauth's pages as allauth has them."""

from tests.access.table import STAFF, Row, row, staff_row

# Staff have a second factor, so changing it asks them for it first; the others of the world sign in by code alone.
STAFF_302 = dict.fromkeys(STAFF, 302)

ROWS: dict[str, Row] = {
    "accounts:settings": row(200, visitor=302),
    "accounts:returned": row(404, visitor=302),
    "accounts:drop_returned": row(405, visitor=302),
    "accounts:staff_people": staff_row("manager"),
    "accounts:grant_role": row(405, visitor=302),
    "accounts:revoke_role": row(405, visitor=302, kwargs=lambda world: {"assignment_id": 1}),
    "admin:index": row(404, visitor=302, admin=200),
    "account_login": row(302, visitor=200),
    "account_logout": row(200, visitor=302),
    "account_inactive": row(200),
    "account_signup": row(302, visitor=200),
    "account_reauthenticate": row(403, visitor=302, **STAFF_302),
    "account_email": row(200, visitor=302),
    "account_email_verification_sent": row(200),
    "account_confirm_email": row(200, kwargs=lambda world: {"key": "unknown"}),
    "account_change_password": row(302),
    "account_set_password": row(200, visitor=302),
    "account_reset_password": row(200),
    "account_reset_password_done": row(200),
    "account_reset_password_from_key": row(200, kwargs=lambda world: {"uidb36": "1", "key": "unknown"}),
    "account_reset_password_from_key_done": row(200),
    "account_confirm_login_code": row(302),
    "account_request_login_code": row(302, visitor=200),
    "mfa_index": row(200, visitor=302),
    "mfa_authenticate": row(302),
    "mfa_reauthenticate": row(403, visitor=302, **dict.fromkeys(STAFF, 200)),
    "mfa_trust": row(302),
    "mfa_activate_totp": row(200, visitor=302, **STAFF_302),
    "mfa_deactivate_totp": row(404, visitor=302, **STAFF_302),
    "mfa_view_recovery_codes": row(404, visitor=302),
    "mfa_generate_recovery_codes": row(200, visitor=302, **STAFF_302),
    "mfa_download_recovery_codes": row(404, visitor=302),
    "mfa_list_webauthn": row(200, visitor=302),
    "mfa_add_webauthn": row(200, visitor=302, **STAFF_302),
    "mfa_remove_webauthn": row(404, visitor=302, **STAFF_302, kwargs=lambda world: {"pk": 1}),
    "mfa_edit_webauthn": row(404, visitor=302, **STAFF_302, kwargs=lambda world: {"pk": 1}),
    "mfa_reauthenticate_webauthn": row(403, visitor=302, **STAFF_302),
    "mfa_login_webauthn": row(302),
    "usersessions_list": row(200, visitor=302),
}
