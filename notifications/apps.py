from datetime import timedelta

from django.apps import AppConfig

OVERDUE_AFTER = timedelta(minutes=10)


class NotificationsConfig(AppConfig):
    """The mail ledger."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import personal_data
        from config import health
        from notifications import checks, mail, personal  # noqa: F401  (registers our checks and kinds)

        health.register("overdue mail", mail_is_in_time)
        personal_data.register_collector("mail", personal.mail_to)
        personal_data.register_eraser("mail", personal.forget)


def mail_is_in_time() -> bool:
    from notifications.models import LedgerRow

    return not LedgerRow.objects.overdue(OVERDUE_AFTER).exists()
