from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """From the first question to a place: applications, reviews, decisions and offers."""

    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import new_addresses, personal_data
        from applications import cloning, mail, missing, panel, personal, personal_letters, traces  # noqa: F401  (mail registers our kinds)
        from cohorts import copying, panels, steps
        from cohorts.enquiries import traces as enquiry_traces

        panels.register("applications", panel.applications_panel)
        enquiry_traces.register("applications", traces.applications_of_enquirer)
        copying.register("questions", cloning.copy_questions)
        copying.register("criteria", cloning.copy_criteria)
        copying.register("letter texts", cloning.copy_letter_texts)
        steps.register("applications", missing.look)
        personal_data.register_collector("applications", personal.applications_of)
        personal_data.register_eraser("letters", personal_letters.forget)
        personal_data.register_eraser("applications", personal.forget)
        new_addresses.register("applications", personal.follow)
