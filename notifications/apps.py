from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The mail ledger."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
