"""Leaving before the start, one way for every moment: a draft, a sent application, an offer, a place.

Called by the person, by the one they let help, or by a manager who heard it. What follows is worked out by one
function, shown before it is confirmed, and worked out again when it is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications import leaving_hooks, made_pairs
from applications.actions.inviting import invitation_key
from applications.actions.offering import close_gaps, has_next, offer_next
from applications.actions.starting import draft_of, make_application
from applications.actions.states import lock, look_again, move
from applications.exceptions import NothingToLeave, PreviewOutdated
from applications.models import Answer, Applicant, Application, Offer
from cohorts.models import Cohort
from cohorts.stages import Act
from notifications.actions import queue_mail, void_mail

State = Application.State


class Way(TextChoices):
    """What is left."""

    DRAFT = "draft", _("An application that is being written")
    SENT = "sent", _("An application that has been sent")
    OFFER = "offer", _("An offer of a place")
    PLACE = "place", _("A place, before the start")


WAYS = {State.DRAFT: Way.DRAFT, State.SENT: Way.SENT, State.RESERVE: Way.SENT, State.OFFERED: Way.OFFER}


class ForOther(TextChoices):
    """What the other of the two has afterwards."""

    NOTHING = "", _("Nothing")
    SAME_DRAFT = "same_draft", _("The draft stays theirs")
    NEW_DRAFT = "new_draft", _("A draft with what they had written")
    LOOKS_AGAIN = "looks_again", _("Their own application, looking for a partner, counts again")


@dataclass(frozen=True)
class Consequences:
    """What follows when one person leaves now."""

    way: Way
    other: Applicant | None
    for_other: ForOther
    ends_application: bool
    frees_place: bool
    has_next: bool  # somebody on the reserve list is offered the place
    foreseen: Sequence[str] = ()  # what comes to people outside the application

    @property
    def mark(self) -> str:
        """What the page of it carries: what is left, and what becomes of the other and of whom one is introduced to."""
        return f"{self.way}:{self.for_other}:{len(self.foreseen)}"

    def were_shown(self, seen: "Consequences | str") -> bool:
        """Whether `seen`, all of it, its mark or its way alone, is what follows now."""
        return (seen.mark if isinstance(seen, Consequences) else seen) in {self.mark, self.way}


def consequences(*, applicant: Applicant, at: datetime) -> Consequences:
    """What follows if this person leaves at `at`. Changes nothing.

    Raises NothingToLeave when they have left, when it has come to nothing, and once the cohort has begun.
    """
    application = Application.objects.select_related("cohort").get(pk=applicant.application_id)
    cohort = application.cohort
    way = WAYS.get(State(application.state))
    if application.state == State.ACCEPTED and not cohort.has_begun:
        way = Way.PLACE
    if way is None or applicant.left_at is not None:
        raise NothingToLeave
    joined = application.applicants.live().exclude(joined_at=None).exclude(pk=applicant.pk)
    other = joined.select_related("user").first()
    for_other = _for_other(application, other, way)
    frees_place = way in {Way.OFFER, Way.PLACE}
    ends_application = for_other != ForOther.SAME_DRAFT
    return Consequences(
        way=way,
        other=other,
        for_other=for_other,
        ends_application=ends_application,
        frees_place=frees_place,
        has_next=frees_place and has_next(cohort, at),
        foreseen=leaving_hooks.foreseen(application) if ends_application else (),
    )


def _for_other(application: Application, other: Applicant | None, way: Way) -> ForOther:
    if other is None:
        return ForOther.NOTHING
    if application.came_from.filter(state=State.PAIRED).exists():
        return ForOther.LOOKS_AGAIN
    if way == Way.DRAFT:
        return ForOther.SAME_DRAFT
    takes_it = application.cohort.allows(Act.HEAR)
    return ForOther.NEW_DRAFT if takes_it else ForOther.NOTHING


@transaction.atomic
def leave(
    *, applicant: Applicant, by: User, seen: Consequences | str | None, how: str = "", at: datetime | None = None
) -> Consequences:
    """Leave, with everything that follows; what was done is returned.

    `seen` is what the person was shown, its mark or its way; None when they are to be out whatever follows. `how` says
    how a manager heard it. A second call raises NothingToLeave. Raises PreviewOutdated when something else would follow
    by now (somebody accepted, joined, or was first), and CohortArchived.
    """
    at = at or timezone.now()
    cohort = cohorts.actions.lock(applicant.cohort)
    application = lock(applicant.application)
    applicant = Applicant.objects.select_related("user").get(pk=applicant.pk)
    follows = consequences(applicant=applicant, at=at)
    if seen is not None and not follows.were_shown(seen):
        raise PreviewOutdated
    audit.record(
        verb="applicant.left", by=by, target=applicant, application=application.pk, way=follows.way, told=int(bool(how))
    )
    own = list(application.came_from.filter(state=State.PAIRED))
    if follows.ends_application:
        _end(application, cohort, follows, by=by, at=at)
    else:
        _leave_draft(applicant, at=at)
    if follows.for_other == ForOther.LOOKS_AGAIN:
        reference = _look_again(own, applicant, by=by, at=at)
    else:
        reference = _what_other_goes_on_with(application, follows, at=at)
    _tell(applicant, follows, reference, at=at)
    if follows.way == Way.OFFER:
        offer_next(cohort=cohort, at=at)
    return follows


def pair_ended(*, application: Application, by: User | None, at: datetime) -> None:
    """A pair made from this application has ended before the start. Called with the cohort locked."""
    locked = lock(application)
    if locked.state == State.ACCEPTED:
        _close_offer(locked, Offer.State.WITHDRAWN, by=by, at=at)
        move(application=locked, to=State.LEFT, by=by, at=at)


# ---- Small parts ----


def _leave_draft(applicant: Applicant, *, at: datetime) -> None:
    """The draft stays with the other, whose yes is asked anew."""
    live = applicant.application.applicants.live()
    live.filter(pk=applicant.pk).update(left_at=at, token_hash="", helper=None, helper_agreed_at=None)
    live.update(confirmed_at=None)


def _end(application: Application, cohort: Cohort, follows: Consequences, *, by: User, at: datetime) -> None:
    if follows.way == Way.PLACE:
        made_pairs.end(application, by=by, at=at)
        return
    for invited in application.applicants.live().filter(joined_at=None):
        void_mail(dedupe_keys=[invitation_key(invited)], reason="invitation_withdrawn")
        Applicant.objects.filter(pk=invited.pk).update(left_at=at, token_hash="")
    to = State.DECLINED if follows.way == Way.OFFER else State.WITHDRAWN
    if follows.way == Way.OFFER:
        _close_offer(application, Offer.State.DECLINED, by=by, at=at)
        cohorts.actions.free_place(cohort=cohort)
    move(application=application, to=to, by=by, at=at)
    close_gaps(cohort=cohort)


def _close_offer(application: Application, to: str, *, by: User | None, at: datetime) -> None:
    live = application.offers.filter(state__in=[Offer.State.OPEN, Offer.State.ACCEPTED])
    live.update(state=to, closed_by=by, closed_at=at)


def _what_other_goes_on_with(application: Application, follows: Consequences, *, at: datetime) -> str:
    """The reference of it, or nothing."""
    if follows.other is None or follows.for_other == ForOther.NOTHING:
        return ""
    if follows.for_other == ForOther.SAME_DRAFT:
        return application.reference
    return _begin_again(application, follows.other, at=at).reference


def _look_again(own: list[Application], left: Applicant, *, by: User, at: datetime) -> str:
    """The introduction came to nothing: who stays looks for a partner again, who leaves is out altogether."""
    reference = ""
    for one in own:
        again = lock(one)
        if again.applicants.filter(side=left.side).exists():
            move(application=again, to=State.WITHDRAWN, by=by, at=at, became=None)
            continue
        if again.state == State.PAIRED:
            again = look_again(application=again, by=by, at=at)
        if again.state == State.SENT:
            reference = again.reference
    return reference


def _begin_again(application: Application, other: Applicant, *, at: datetime) -> Application:
    """A draft with all that the other had written, and what the two had; or the draft there is."""
    begun = draft_of(cohort=application.cohort, user=other.user) if other.user else None
    if begun:
        return begun
    route = Application.Route.AGAIN if other.user else Application.Route.TELEPHONE
    draft = make_application(cohort=application.cohort, kind=Application.Kind.PAIR, route=route, by=other.user, at=at)
    Application.objects.filter(pk=draft.pk).update(
        question_set=application.question_set_id,
        challenge=application.challenge,
        local_system=application.local_system,
    )
    kept = ("cohort_id", "side", "name", "email", "phone", "time_zone", "user_id")
    helped = ("helper_id", "helper_agreed_at", "helper_agreed_how")
    person = Applicant.objects.create(
        application=draft, joined_at=at, **{name: getattr(other, name) for name in (*kept, *helped)}
    )
    answers = application.answers.filter(applicant=None) | application.answers.filter(applicant=other)
    Answer.objects.bulk_create(
        Answer(
            application=draft,
            applicant=person if one.applicant_id else None,
            question_id=one.question_id,
            value=one.value,
            saved_by_id=one.saved_by_id,
            saved_at=at,
        )
        for one in answers
    )
    return draft


def _tell(left: Applicant, follows: Consequences, reference: str, *, at: datetime) -> None:
    """The other, and a line to who left, so that a mistake on the telephone comes to light."""
    told = [("applications.other_left", follows.other), ("applications.left", left)]
    for kind, person in told:
        if person is not None and person.has_address:
            queue_mail(
                kind=kind,
                address=person.email,
                recipient=person.user,
                dedupe_key=f"left:{left.pk}:{person.pk}:{follows.way}",
                ids={
                    "applicant": person.pk,
                    "left": left.pk,
                    "way": follows.way.value,
                    "for_other": follows.for_other.value,
                    "has_next": int(follows.has_next),
                    "reference": reference,
                },
                due_at=at,
            )
