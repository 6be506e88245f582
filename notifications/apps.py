from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The mail ledger."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications import mail  # noqa: F401  (registers our kinds)
