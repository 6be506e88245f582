"""Mail about decisions and offers, and to whoever stays when the other leaves."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from applications.actions.deciding import LEADS_TO
from applications.models import Applicant, Letter, Offer
from applications.models.selection import Verdict
from config.links import absolute
from notifications.kinds import MailKind, NotWanted, register
from notifications.models import LedgerRow

ARCHIVED = "cohort_archived"
WITHDRAWN = "The application was withdrawn, or the person has left it."


def _letter(row: LedgerRow) -> Letter:
    letters = Letter.objects.select_related("applicant", "decision__application__cohort__programme")
    return letters.get(pk=row.ids["letter"])


def letter_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Only while it is still true: they are in it, and it stands where the decision put it.

    An archived cohort sends no programme mail, but for this: what was decided and released is owed to whoever asked.
    """
    letter = _letter(row)
    application = letter.decision.application
    if letter.applicant.left_at is not None or application.state in {"withdrawn", "declined", "left"}:
        return WITHDRAWN
    is_last = not application.decisions.filter(pk__gt=letter.decision_id).exclude(released_at=None).exists()
    stands = application.state == LEADS_TO[Verdict(letter.decision.verdict)]
    return None if is_last and stands else "superseded"


def render_letter(row: LedgerRow) -> dict[str, Any]:
    """The words that were seen before the release, and not one other."""
    letter = _letter(row)
    if not letter.body:
        raise NotWanted(WITHDRAWN)
    return {"letter": letter, "programme": letter.decision.application.cohort.programme}


def _about(row: LedgerRow) -> dict[str, Any]:
    people = Applicant.objects.select_related("application__cohort__programme")
    person = people.get(pk=row.ids["applicant"])
    other = person.application.applicants.live().exclude(pk=person.pk).first()
    application = person.application
    return {
        "person": person,
        "other": other.name if other else "",
        "application": application,
        "cohort": application.cohort,
        "programme": application.cohort.programme,
    }


def reminder_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Only who has not said yes to an offer that is open, in a cohort where a yes still counts."""
    offer = Offer.objects.select_related("cohort").get(pk=row.ids["offer"])
    if offer.cohort.is_archived:
        return ARCHIVED
    if not offer.cohort.takes_pairs:
        return "superseded"
    answered = offer.state != Offer.State.OPEN or offer.yeses.filter(applicant=row.ids["applicant"]).exists()
    return "superseded" if answered else None


def render_offer(row: LedgerRow) -> dict[str, Any]:
    about = _about(row)
    offer = Offer.objects.select_related("decision").get(pk=row.ids["offer"])
    link = absolute(reverse("pairs:offer", args=[about["application"].reference]))
    other_said_yes = offer.yeses.exclude(applicant=about["person"]).exists()
    return about | {"answer_by": offer.decision.answer_by, "link": link, "other_said_yes": other_said_yes}


def lapsed_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    offer = Offer.objects.select_related("application", "cohort").get(pk=row.ids["offer"])
    if offer.cohort.is_archived:
        return ARCHIVED
    return None if offer.application.state == "lapsed" else "superseded"


def accepted_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    offer = Offer.objects.select_related("application", "cohort").get(pk=row.ids["offer"])
    if offer.cohort.is_archived:
        return ARCHIVED
    return None if offer.application.state == "accepted" else WITHDRAWN


def render_accepted(row: LedgerRow) -> dict[str, Any]:
    return _about(row) | {"link": absolute(reverse("portal:pair_home"))}


def left_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    person = Applicant.objects.select_related("cohort").get(pk=row.ids["applicant"])
    return ARCHIVED if person.cohort.is_archived else None


def render_left(row: LedgerRow) -> dict[str, Any]:
    left = Applicant.objects.get(pk=row.ids["left"])
    reference = row.ids["reference"]
    link = absolute(reverse("applications:tasks", args=[reference])) if reference else ""
    return _about(row) | {
        "left": left,
        "way": row.ids["way"],
        "for_other": row.ids["for_other"],
        "has_next": bool(row.ids.get("has_next")),
        "reference": reference,
        "link": link,
    }


register(
    MailKind(
        name="applications.decision",
        title="Letter about an application",
        template="mail/applications/decision",
        still_wanted=letter_still_wanted,
        render=render_letter,
    )
)
register(
    MailKind(
        name="applications.offer_reminder",
        title="An offer runs out soon",
        template="mail/applications/offer_reminder",
        late_after=timedelta(days=2),
        still_wanted=reminder_still_wanted,
        render=render_offer,
    )
)
register(
    MailKind(
        name="applications.offer_lapsed",
        title="An offer has run out",
        template="mail/applications/offer_lapsed",
        still_wanted=lapsed_still_wanted,
        render=render_offer,
    )
)
register(
    MailKind(
        name="applications.accepted",
        title="Both have said yes to a place",
        template="mail/applications/accepted",
        still_wanted=accepted_still_wanted,
        render=render_accepted,
    )
)
register(
    MailKind(
        name="applications.other_left",
        title="The other of the two has left",
        template="mail/applications/other_left",
        still_wanted=left_still_wanted,
        render=render_left,
    )
)
register(
    MailKind(
        name="applications.left",
        title="Noted: you have left",
        template="mail/applications/left",
        still_wanted=left_still_wanted,
        render=render_left,
    )
)
