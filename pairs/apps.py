from django.apps import AppConfig


class PairsConfig(AppConfig):
    """The pair, its members and invitations."""

    name = "pairs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import personal_data
        from cohorts import panels
        from pairs import mail, panel, personal  # noqa: F401  (mail registers our kinds)

        panels.register("pairs", panel.pairs_panel)
        personal_data.register_collector("pairs", personal.pairs_of)
        personal_data.register_collector("quiet_times", personal.quiet_times_of)
        personal_data.register_eraser("pairs", personal.forget)
