from django.apps import AppConfig


class CohortsConfig(AppConfig):
    """Programmes, cohorts, participants and sessions."""

    name = "cohorts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import personal_data
        from cohorts import mail, personal  # noqa: F401  (mail registers our kinds, reminders and digest section)

        personal_data.register_collector("breaks", personal.breaks_of)
        personal_data.register_eraser("breaks", personal.forget)
