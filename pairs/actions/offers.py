"""Two people accept the place they were offered, and are a pair."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

import accounts.actions
from accounts import audit
from accounts.models import User
from applications.actions import states
from applications.exceptions import NotTheirs, OfferClosed
from applications.models import Applicant, Application, Offer, OfferYes, Question
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from notifications.actions import queue_mail
from pairs.actions.memberships import join
from pairs.actions.places import open_cohort
from pairs.exceptions import CohortClosed
from pairs.models import Membership, Pair

Side = Membership.Side


@transaction.atomic
def accept_offer(
    *, offer: Offer, applicant: Applicant, by: User, how: str = "", at: datetime | None = None
) -> Pair | None:
    """Say yes to an offered place. The second yes makes the pair, in one step; the first returns None.

    Called by the person, by the one they let help, or by a manager who heard it (`how`). The pair keeps the place that
    the offer held. A second call by the same person changes nothing. Raises OfferClosed when it was answered, has run
    out or was withdrawn, NotTheirs, and AlreadyInAPair when one of the two is in another pair of the cohort.
    """
    at = at or timezone.now()
    try:
        cohort = open_cohort(offer.cohort)
    except (CohortClosed, CohortArchived) as error:
        raise OfferClosed from error
    application = states.lock(offer.application)
    people = list(application.applicants.live().select_related("user"))
    if applicant.pk not in {person.pk for person in people}:
        raise NotTheirs
    current = Offer.objects.get(pk=offer.pk)
    if current.state == Offer.State.ACCEPTED:
        return Pair.objects.live().filter(application=application).first()
    if current.state != Offer.State.OPEN or current.answer_by <= at:
        raise OfferClosed
    yes, is_new = OfferYes.objects.get_or_create(
        offer=current, applicant=applicant, defaults={"recorded_by": by, "how": how, "at": at}
    )
    if is_new:
        audit.record(verb="offer.yes", by=by, target=yes, application=application.pk, told=int(bool(how)))
    said = set(current.yeses.values_list("applicant", flat=True))
    if len(people) < len(Side) or not said.issuperset(person.pk for person in people):
        return None
    return _pair_from(current, application, people, cohort=cohort, by=by, at=at)


def _pair_from(
    offer: Offer, application: Application, people: list[Applicant], *, cohort: Cohort, by: User, at: datetime
) -> Pair:
    Offer.objects.filter(pk=offer.pk).update(state=Offer.State.ACCEPTED, closed_by=by, closed_at=at)
    states.move(application=application, to=Application.State.ACCEPTED, by=by, at=at)
    said = dict(application.answers.shared().values_list("question__meaning", "value"))
    pair = Pair.objects.create(
        cohort=cohort,
        application=application,
        challenge=Truncator(application.challenge).chars(200),
        challenge_summary=str(said.get(Question.Meaning.CHALLENGE_MORE, ""))[:4000],
        funding=Truncator(str(said.get(Question.Meaning.FUNDING, ""))).chars(200),
        created_at=at,
    )
    audit.record(verb="pair.made", by=by, target=pair, cohort=cohort.pk, application=application.pk)
    for person in people:
        user = _account_of(person, by=by)
        join(pair, cohort, user=user, side=person.side, at=at)
        if person.has_address:
            queue_mail(
                kind="applications.accepted",
                address=person.email,
                recipient=user,
                dedupe_key=f"offer-accepted:{offer.pk}:{person.pk}",
                ids={"applicant": person.pk, "offer": offer.pk},
                due_at=at,
            )
    audit.record(verb="offer.accepted", by=by, target=offer, application=application.pk, pair=pair.pk)
    return pair


def _account_of(person: Applicant, *, by: User) -> User:
    """The account of somebody who gets a place; without an e-mail address one that no mail ever goes to.

    An account that has no name yet, because a code was all it took to begin, gets the one they applied with.
    """
    if person.user is None:
        address = person.email or f"person-{person.pk}@no-address.invalid"
        user = accounts.actions.ensure_user(email=address, by=by, name=person.name, time_zone=person.time_zone)
        Applicant.objects.filter(pk=person.pk).update(user=user)
        return user
    if not person.user.name:
        return accounts.actions.change_profile(user=person.user, by=by, name=person.name, time_zone=person.time_zone)
    return person.user
