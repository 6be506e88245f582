from django.apps import AppConfig


class LearningLogConfig(AppConfig):
    """Entries, voices and responses."""

    name = "learning_log"
    default_auto_field = "django.db.models.BigAutoField"
