from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, sign-in, roles and the audit trail."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
