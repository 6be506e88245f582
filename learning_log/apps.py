from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone


class LearningLogConfig(AppConfig):
    """Entries, voices, releases and responses."""

    name = "learning_log"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.personal_data import register_collector, register_eraser
        from cohorts import panels
        from learning_log import digests, personal_data
        from learning_log import mail as _mail  # noqa: F401  (registers the nudge and its schedule)
        from learning_log.panel import learning_panel
        from notifications.digests import register

        register(digests.section)
        panels.register("learning_log.learning", learning_panel)
        register_collector("learning_log", personal_data.collect)
        register_eraser("learning_log", personal_data.erase)
        # As Django does for its own permissions: what every installation begins with comes with the tables.
        post_migrate.connect(_install_prompt_sets, sender=self)


def _install_prompt_sets(**_event: Any) -> None:
    from learning_log import prompts

    prompts.install(at=timezone.now())
