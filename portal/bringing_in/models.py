"""A table on its way in. The row holds counts; what people wrote stands in files that go when it is done."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Viewer, has_role
from cohorts.models import Cohort


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Viewer) -> "ImportQuerySet":
        """Managers: a team of three finishes what another began."""
        return self.all() if has_role(user, Role.MANAGER) else self.none()


class Import(models.Model):
    """One table of people, pairs or sessions for one cohort: read, shown, agreed to, brought in."""

    class What(models.TextChoices):
        PEOPLE = "people", _("People")
        PAIRS = "pairs", _("Pairs")
        SESSIONS = "sessions", _("Sessions")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Being read")
        READ = "read", _("Read")
        AGREED = "agreed", _("About to be brought in")
        SAVING = "saving", _("Being brought in")
        DONE = "done", _("Brought in")
        FAILED = "failed", _("Could not be finished")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What)
    form_key = models.UUIDField(help_text=_("Names the form it was sent with: a second click is the same import."))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    path = models.CharField(max_length=200, blank=True, help_text=_("The file; empty once it is deleted."))
    report_path = models.CharField(max_length=200, blank=True, help_text=_("What was found, line by line; likewise."))
    file_name = models.CharField(max_length=200, blank=True, help_text=_("As its sender called it; likewise."))
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    differs_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    letters = models.CharField(max_length=20, blank=True, help_text=_("The encoding, where it had to be guessed."))
    changed_meanwhile = models.BooleanField(
        default=False, help_text=_("Was right when read, and no longer when saved.")
    )
    attempts = models.PositiveIntegerField(default=0, help_text=_("Numbers the claim: an older one changes nothing."))
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["cohort", "-created_at"], name="imports_of_a_cohort"),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["waiting", "reading", "agreed", "saving"]),
                name="imports_to_work_on",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "form_key"], name="one_import_per_form"),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "saving", "done"]) | Q(problem_count=0),
                name="what_is_brought_in_is_right",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "saving", "done"]) | Q(agreed_by__isnull=False),
                name="what_is_brought_in_was_agreed_to",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(path="", report_path="", file_name="", done_at__isnull=False),
                name="what_is_done_keeps_no_file",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_on_its_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.READING, self.State.AGREED, self.State.SAVING)

    @property
    def is_right(self) -> bool:
        """Read without a problem, and there is something to bring in."""
        return self.state == self.State.READ and not self.problem_count and self.new_count > 0
