from django.apps import AppConfig


class GuidesConfig(AppConfig):
    """Guides and their editions."""

    name = "guides"
    default_auto_field = "django.db.models.BigAutoField"
