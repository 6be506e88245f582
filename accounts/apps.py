from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, sign-in, roles and the audit trail."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import actions, personal_data, receivers

        receivers.connect()
        personal_data.register_collector("account", actions.account_of)
        personal_data.register_eraser("account", actions.empty_account)
