from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that join several apps; nothing imports it."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import personal_data
        from portal.bringing_in import actions

        personal_data.register_eraser("imports", actions.forget)
