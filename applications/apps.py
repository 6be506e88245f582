from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """From the first question to a place: applications, reviews, decisions and offers."""

    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import mail  # noqa: F401  (registers our kinds)
