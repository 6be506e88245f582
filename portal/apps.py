from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that join several apps; nothing imports it."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
