from django.apps import AppConfig


class LearningLogConfig(AppConfig):
    """Entries, voices and responses."""

    name = "learning_log"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.personal_data import register_collector, register_eraser
        from learning_log import digests, personal_data
        from notifications.digests import register

        register(digests.section)
        register_collector("learning_log", personal_data.collect)
        register_eraser("learning_log", personal_data.erase)
