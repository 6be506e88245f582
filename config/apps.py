from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Named infrastructure: it imports no other app."""

    name = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config import celery  # noqa: F401  (tasks must find the app in every process)
