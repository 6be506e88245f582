from django.apps import AppConfig


class CohortsConfig(AppConfig):
    """Programmes, cohorts, participants and sessions."""

    name = "cohorts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import new_addresses, personal_data
        from cohorts import mail, missing, personal, steps  # noqa: F401  (mail registers our kinds, reminders and digest section)
        from cohorts.enquiries import mail as enquiries_mail  # noqa: F401  (as above)
        from cohorts.enquiries import personal as enquiries_personal
        from cohorts.enquiries import waiting
        from notifications import digests

        steps.register("cohorts", missing.look)
        personal_data.register_collector("breaks", personal.breaks_of)
        personal_data.register_eraser("breaks", personal.forget)
        personal_data.register_collector("enquiries", enquiries_personal.enquiries_of)
        personal_data.register_eraser("enquiries", enquiries_personal.forget)
        new_addresses.register("enquiries", enquiries_personal.follow)
        digests.register(waiting.enquiries_waiting)
