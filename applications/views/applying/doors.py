"""Who comes through which door, and what the pages of one application have in common."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import current_user, has_role
from applications import asking
from applications.actions.sending import takes_it
from applications.models import Answer, Applicant, Application, Question

TOGETHER = "together"


@dataclass
class Door:
    """One application as one person may write it: `parts` are theirs to fill in, `people` all of its live ones."""

    application: Application
    reader: User
    people: list[Applicant]
    parts: list[Applicant]

    @property
    def mine(self) -> Applicant:
        """The part this person came for: their own before one they help with."""
        return next((part for part in self.parts if part.user_id == self.reader.pk), self.parts[0])

    @property
    def is_own(self) -> bool:
        return self.mine.user_id == self.reader.pk

    @property
    def is_staff(self) -> bool:
        """Whether a manager writes down what somebody says."""
        return not self.is_own and self.mine.helper_id != self.reader.pk and has_role(self.reader, Role.MANAGER)

    @property
    def other(self) -> Applicant | None:
        """The other of the two, joined or invited."""
        return next((person for person in self.people if person.pk != self.mine.pk), None)

    @property
    def is_open(self) -> bool:
        """Whether anything may still be written and sent."""
        return self.application.is_draft and takes_it(self.application, self.application.cohort, timezone.now())

    def part(self, whose: str) -> Applicant | None:
        """The part named in an address: one's side, or None for what is shared. 404 for somebody else's."""
        if whose == TOGETHER:
            return None
        found = next((part for part in self.parts if part.side == whose), None)
        if found is None:
            raise Http404
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        cohort = self.application.cohort
        shared = {"application": self.application, "cohort": cohort, "programme": cohort.programme, "door": self}
        return shared | more


def door(request: HttpRequest, reference: str) -> Door:
    """The application this person writes or helps to write; 404 for everybody else."""
    user = current_user(request)
    parts = Applicant.objects.written_by(user)
    applications = Application.objects.select_related("cohort__programme", "question_set")
    application = get_object_or_404(applications, reference=reference.upper(), pk__in=parts.values("application"))
    people = list(application.applicants.live().select_related("user", "helper"))
    mine = {part.pk for part in parts.filter(application=application).only("pk")}
    for person in people:
        person.application = application
    return Door(application, user, people, [person for person in people if person.pk in mine])


def asked_of(open_door: Door) -> list[Question]:
    return asking.questions_for(open_door.application, open_door.application.question_set.questions.all())


def readable_answers(open_door: Door) -> dict[tuple[int, str], Answer]:
    """What this person may read of it, by question and whose it is (a side, or together)."""
    answers = (
        Answer.objects.visible_to(open_door.reader).filter(application=open_door.application).select_related("question")
    )
    sides = {person.pk: person.side for person in open_door.people}
    return {
        (answer.question_id, TOGETHER if answer.applicant_id is None else sides.get(answer.applicant_id, "")): answer
        for answer in answers
    }
