"""What this app holds about a person who applied, and how it forgets them."""

from contextlib import suppress
from typing import Any

from django.db.models import Q

from accounts.actions import addresses_of
from accounts.models import User
from applications.actions import leaving
from applications.exceptions import NothingToLeave
from applications.models import Answer, Applicant, Application, Conflict, Note, Review
from applications.querysets import ApplicantQuerySet
from cohorts.exceptions import CohortArchived


def follow(user: User, before: str, after: str) -> None:
    """A person's own parts carry their new address, but where another's counted application has it already."""
    counted = Applicant.objects.filter(is_counted=True, email=after)
    theirs = Applicant.objects.filter(user=user, email=before).exclude(
        is_counted=True, cohort__in=counted.values("cohort")
    )
    theirs.update(email=after)


def applications_of(user: User) -> list[dict[str, Any]]:
    """A person's own parts with their own answers, and what they wrote together with the other."""
    parts = Applicant.objects.of(user).select_related("application__cohort", "helper").order_by("pk")
    return [
        {
            "cohort": part.application.cohort.name,
            "reference": part.application.reference,
            "state": part.application.state,
            "side": part.side,
            "name": part.name,
            "email": part.email,
            "phone": part.phone,
            "joined_at": part.joined_at.isoformat() if part.joined_at else None,
            "confirmed_at": part.confirmed_at.isoformat() if part.confirmed_at else None,
            "helper": part.helper.email if part.helper else None,
            "answers": _answers(part.answers.select_related("question")),
            "together": _answers(part.application.answers.shared().select_related("question")),
        }
        for part in parts
    ]


def forget(user: User) -> None:
    """Take the person out of what is still open, then empty their part.

    What the two wrote together stays while the other person is there. Rows, states and dates stay for the totals.
    """
    theirs = Applicant.objects.filter(Q(user=user) | Q(email__in=addresses_of(user)))
    _leave(theirs, by=user)
    touched = list(theirs.values_list("application_id", flat=True))
    Answer.objects.filter(applicant__in=theirs).update(value="", saved_by=None)
    theirs.update(name="", email="", phone="", token_hash="", helper=None, helper_agreed_at=None, helper_agreed_how="")
    others = Applicant.objects.live().filter(application__in=touched).exclude(Q(user=user) | Q(name="", email=""))
    alone = set(touched) - set(others.values_list("application_id", flat=True))
    Answer.objects.filter(application__in=alone, applicant=None).update(value="", saved_by=None)
    Application.objects.filter(pk__in=alone).update(challenge="", local_system="")
    Applicant.objects.filter(helper=user).update(helper=None, helper_agreed_at=None, helper_agreed_how="")
    Conflict.objects.filter(user=user).update(reason="")
    Note.objects.filter(application__in=alone).update(text="")
    Review.objects.filter(application__in=alone).update(note="")
    Conflict.objects.filter(application__in=alone).update(reason="")


def _leave(theirs: ApplicantQuerySet, *, by: User) -> None:
    """A draft, an application, an offer or a place before the start: each with what follows for the other and the list.

    Cohorts in the order of their number: each is held until everything is forgotten.
    """
    for part in theirs.live().select_related("application", "cohort").order_by("cohort_id", "pk"):
        with suppress(NothingToLeave, CohortArchived):
            leaving.leave(applicant=part, by=by, seen=None)


def _answers(answers: Any) -> dict[str, Any]:
    return {answer.question.text: answer.value for answer in answers}
