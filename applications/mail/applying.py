"""Mail to people who apply: codes, invitations to a partner, "your turn", "we have it"."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from applications.models import Applicant
from config.links import absolute
from config.tokens import hash_of
from notifications.kinds import MailKind, register
from notifications.models import LedgerRow

ARCHIVED = "cohort_archived"  # truth 5: such a cohort sends no programme mail


def _person(row: LedgerRow) -> Applicant:
    people = Applicant.objects.select_related("application__cohort__programme")
    return people.get(pk=row.ids["applicant"])


def _about(row: LedgerRow) -> dict[str, Any]:
    person = _person(row)
    application, cohort = person.application, person.application.cohort
    return {
        "person": person,
        "application": application,
        "cohort": cohort,
        "programme": cohort.programme,
        "link": absolute(reverse("applications:tasks", args=[application.reference])),
    }


def render_code(row: LedgerRow) -> dict[str, Any]:
    return dict(row.secret or {})


def invitation_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Only while its link would open."""
    person = _person(row)
    if person.application.cohort.is_archived:
        return ARCHIVED
    if person.has_joined:
        return "The invitation was answered."
    if person.left_at is not None or not person.application.is_draft:
        return "invitation_withdrawn"
    if person.invitation_has_expired(at):
        return "too_late"
    if not row.secret or hash_of(row.secret["token"]) != person.token_hash:
        return "replaced_by_a_new_link"
    return None


def render_invitation(row: LedgerRow) -> dict[str, Any]:
    about = _about(row)
    person = about["person"]
    asker = person.application.applicants.live().exclude(pk=person.pk).first()
    token = (row.secret or {})["token"]
    return about | {
        "asker": (asker.name if asker else "") or about["programme"].charity,
        "expires_on": person.expires_at.astimezone(about["cohort"].zone).date(),
        "link": absolute(reverse("applications:invited", args=[token])),
    }


def your_turn_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Only while it is a draft and this person's yes is what is missing."""
    person = _person(row)
    if person.application.cohort.is_archived:
        return ARCHIVED
    if not person.application.is_draft or person.has_confirmed or person.left_at is not None:
        return "superseded"
    return None


def received_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    person = _person(row)
    if person.application.cohort.is_archived:
        return ARCHIVED
    return "superseded" if not person.application.is_counted or person.left_at is not None else None


def render_with_other(row: LedgerRow) -> dict[str, Any]:
    about = _about(row)
    person = about["person"]
    other = person.application.applicants.live().exclude(pk=person.pk).first()
    return about | {"other": other.name if other else ""}


register(
    MailKind(
        name="applications.code",
        title="Code to apply with",
        template="mail/applications/code",
        is_private=True,
        is_urgent=True,
        forgets_address=True,
        on_lost_lease="requeue",
        late_after=timedelta(minutes=10),
        render=render_code,
    )
)
register(
    MailKind(
        name="applications.invitation",
        title="Invitation to apply together",
        template="mail/applications/invitation",
        on_lost_lease="requeue",
        still_wanted=invitation_still_wanted,
        render=render_invitation,
    )
)
register(
    MailKind(
        name="applications.your_turn",
        title="The other has said yes to the application",
        template="mail/applications/your_turn",
        still_wanted=your_turn_still_wanted,
        render=render_with_other,
    )
)
register(
    MailKind(
        name="applications.received",
        title="The application has arrived",
        template="mail/applications/received",
        still_wanted=received_still_wanted,
        render=render_with_other,
    )
)
