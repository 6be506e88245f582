from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """What the public says under a guide."""

    name = "comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comments import digests, mail, personal_data  # noqa: F401  (registers kinds, section, collector, eraser)
