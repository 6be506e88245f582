from django.apps import AppConfig


class CohortsConfig(AppConfig):
    """Programmes, cohorts, participants and sessions."""

    name = "cohorts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cohorts import mail  # noqa: F401  (registers our kinds, reminders and digest section)
