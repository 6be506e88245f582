from django.apps import AppConfig


class PairsConfig(AppConfig):
    """The pair, its members and invitations."""

    name = "pairs"
    default_auto_field = "django.db.models.BigAutoField"
