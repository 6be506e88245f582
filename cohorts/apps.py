from django.apps import AppConfig


class CohortsConfig(AppConfig):
    """Programmes, cohorts, participants and sessions."""

    name = "cohorts"
    default_auto_field = "django.db.models.BigAutoField"
