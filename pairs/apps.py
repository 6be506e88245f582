from django.apps import AppConfig


class PairsConfig(AppConfig):
    """The pair, its members and invitations."""

    name = "pairs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import new_addresses, personal_data
        from applications import leaving_hooks, made_pairs, waiting
        from cohorts import panels, steps
        from pairs import actions, mail, missing, panel, personal  # noqa: F401  (mail registers our kinds)
        from pairs.matching import introducing
        from pairs.matching import mail as matching_mail  # noqa: F401  (as above)
        from pairs.matching.waiting import introductions_for

        made_pairs.register(actions.end_pair_of)
        panels.register("pairs", panel.pairs_panel)
        steps.register("pairs", missing.look)
        personal_data.register_collector("pairs", personal.pairs_of)
        personal_data.register_collector("quiet_times", personal.quiet_times_of)
        personal_data.register_collector("introductions", personal.introductions_of)
        leaving_hooks.register(
            "introductions", introducing.end_introductions_of, foresees=introducing.foresee_end_of_introductions
        )
        waiting.register("introductions", introductions_for)
        personal_data.register_eraser("pairs", personal.forget)
        new_addresses.register("pairs", personal.follow)
