"""A cohort in each stage, thirteen running pairs, their sessions and a few open invitations."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import cohorts.actions
import pairs.actions
from accounts.models import User
from applications.actions.questions import publish_starter
from cohorts.actions import CloneTerms
from cohorts.models import Cohort, Programme
from notifications.models import LedgerRow
from pairs.models import Membership, Pair
from pairs.review_dates import first_review_on
from portal.demo.people import OTHER_COHORT_PAIRS, PAIRS, Cast, InventedPair, make

STAGES = tuple(Cohort.State)


@dataclass(frozen=True)
class Scene:
    """What the log, the guides and the mail of the demo refer to."""

    cast: Cast
    running: Cohort
    choosing: Cohort
    opened: Cohort
    first: Pair
    second: Pair
    people: dict[str, User]


def build(*, cast: Cast, at: datetime) -> Scene:
    programme = cohorts.actions.create_programme(
        by=cast.manager,
        name="Collaborative pairs",
        charity="The Larkmoor Fund",
        summary="One professional and one patient partner work alongside each other for most of a year, as equals, on "
        "something in their own place that ought to be better. Patients, carers and communities come as partners, and "
        "are paid as partners.",
        who_for="Patients, carers and communities in Saltmarsh, Fallow Valley and along the coast, and the people who "
        "work in their health and care. You need no experience of committees, and nobody asks what you earn.",
        led_by="Nerys Ashdown, a physiotherapist, and Osric Vane, who has lived with kidney disease for twenty years. "
        "They lead every session together.",
        paid_for="Patient partners are paid for their time. Travel, a carer’s time and whatever you need to take part "
        "are paid for both of you, before the day where you ask.",
        contact_email="pairs@larkmoor.example",
        contact_phone="01632 960 143",
        at=at - timedelta(days=1200),
    )
    today = at.date()
    running = _cohort(programme, cast, "Saltmarsh cohort", 16, today - timedelta(days=110), today + timedelta(190), at)
    fallow = _cohort(programme, cast, "Fallow Valley cohort", 8, today - timedelta(days=60), today + timedelta(240), at)
    earlier = _cohort(programme, cast, "Marrowby cohort", 6, today - timedelta(days=420), today - timedelta(90), at)
    oldest = _cohort(programme, cast, "Penhollow cohort", 4, today - timedelta(days=800), today - timedelta(470), at)
    choosing = _cohort(programme, cast, "Tidewater cohort", 10, today + timedelta(days=70), today + timedelta(360), at)
    _move(choosing, Cohort.State.SELECTING, cast, at)
    opened = _cohort(programme, cast, "Harbour cohort", 12, today + timedelta(days=130), today + timedelta(420), at)
    _move(opened, Cohort.State.OPEN, cast, at)
    _cohort(programme, cast, "Islands cohort", 6, today + timedelta(days=300), today + timedelta(600), at)

    people: dict[str, User] = {}
    made: list[Pair] = []
    for cohort, invented in ((running, PAIRS), (fallow, OTHER_COHORT_PAIRS)):
        _move(cohort, Cohort.State.RUNNING, cast, at)
        made += [_pair(cohort, pair, cast, people, at=at - timedelta(days=100)) for pair in invented]
    for cohort, last in ((earlier, Cohort.State.ENDED), (oldest, Cohort.State.ARCHIVED)):
        _move(cohort, last, cast, at)
    for cohort in (running, fallow, choosing, opened):
        for facilitator in (cast.facilitator, cast.co_facilitator) if cohort is running else (cast.co_facilitator,):
            cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=cast.manager)
    _sessions(running, cast, today)
    _next_year(running, cast, at)
    _break(made[3], at=at - timedelta(days=9))
    _under_the_radar(made[4], at=at - timedelta(days=20))
    pairs.actions.make_pair(
        cohort=running,
        professional_email="ottoline@demo.test",
        professional_name="Ottoline Bracegirdle",
        partner_email="jem@demo.test",
        partner_name="Jem Sallow",
        challenge="Letters that say what they mean",
        by=cast.manager,
    )
    return Scene(
        cast=cast, running=running, choosing=choosing, opened=opened, first=made[0], second=made[1], people=people
    )


def _cohort(
    programme: Programme, cast: Cast, name: str, places: int, starts_on: date, ends_on: date, at: datetime
) -> Cohort:
    return cohorts.actions.create_cohort(
        programme=programme,
        by=cast.manager,
        name=f"{name} {starts_on.year}",
        places=places,
        starts_on=starts_on,
        ends_on=ends_on,
        summary="Pairs from Penhollow, Marrowby and the islands. Two days a month, in person where we can and by "
        "telephone where we can’t.",
        at=_by_now(starts_on - timedelta(days=200), at),
    )


def _move(cohort: Cohort, last: Cohort.State, cast: Cast, at: datetime) -> None:
    while cohort.state != last:
        step = cohort.next_state
        if step is None:
            return
        if cohort.state == Cohort.State.DRAFT:
            publish_starter(cohort=cohort, by=cast.manager, at=at)
        cohorts.actions.move_cohort(cohort=cohort, to=step, by=cast.manager, at=_entered(cohort, step, at))
        cohort.refresh_from_db()


def _entered(cohort: Cohort, state: Cohort.State, at: datetime) -> datetime:
    """When a cohort with these days would have come so far."""
    day = {
        Cohort.State.OPEN: cohort.starts_on - timedelta(days=150),
        Cohort.State.SELECTING: cohort.starts_on - timedelta(days=75),
        Cohort.State.RUNNING: cohort.starts_on,
        Cohort.State.ENDED: cohort.ends_on,
    }.get(state, cohort.ends_on + timedelta(days=60))
    return _by_now(day, at)


def _by_now(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(9), tzinfo=at.tzinfo), at)


def _pair(cohort: Cohort, invented: InventedPair, cast: Cast, people: dict[str, User], *, at: datetime) -> Pair:
    """A pair whose two people accepted long ago; their invitations went out then."""
    pair = pairs.actions.make_pair(
        cohort=cohort,
        professional_email=invented.professional.email,
        professional_name=invented.professional.name,
        partner_email=invented.partner.email,
        partner_name=invented.partner.name,
        challenge=invented.challenge,
        challenge_summary=invented.summary,
        funding=invented.funding,
        by=cast.manager,
        at=at,
    )
    accepted = {Membership.Side.PROFESSIONAL: invented.professional, Membership.Side.PARTNER: invented.partner}
    for invitation in pair.invitations.all():
        person = accepted[Membership.Side(invitation.side)]
        people[person.email] = make(person, password_hash=cast.password_hash, by=cast.manager)
        pairs.actions.accept_invitation(invitation=invitation, by=people[person.email], at=at + timedelta(hours=20))
    LedgerRow.objects.filter(
        kind="pairs.invitation", ids__invitation__in=[i.pk for i in pair.invitations.all()]
    ).update(state=LedgerRow.State.SENT, attempt=1, secret=None, queued_at=at, settled_at=at)
    return pair


def _next_year(running: Cohort, cast: Cast, at: datetime) -> None:
    """A copy of the running cohort's plan, a draft that cannot be opened yet: its last day to apply has passed."""
    apply_by = running.starts_on - timedelta(days=45)
    cohorts.actions.edit_cohort(cohort=running, by=cast.manager, apply_by=apply_by)
    starts_on = at.date() + timedelta(days=35)
    terms = CloneTerms(name=f"Saltmarsh cohort {starts_on.year}, second group", starts_on=starts_on, places=12)
    cohorts.actions.clone_cohort(cohort=running, by=cast.manager, terms=terms, made_key=uuid4(), at=at)


def _break(pair: Pair, *, at: datetime) -> None:
    resting = pair.memberships.get(side=Membership.Side.PARTNER).participant
    cohorts.actions.take_break(participant=resting, by=resting.user, at=at)


def _under_the_radar(pair: Pair, *, at: datetime) -> None:
    partner, professional = (member.user for member in pair.memberships.order_by("side"))
    asked = pairs.actions.ask_quiet(pair=pair, by=partner, review_on=first_review_on(at.date()), at=at)
    pairs.actions.agree_quiet(quiet_time=asked, by=professional, at=at + timedelta(days=1))


def _sessions(cohort: Cohort, cast: Cast, today: date) -> None:
    plan = (
        (-40, time(10, 30), 360, "All pairs together: hopes and fears", "Marrowby Library", "Step-free, hearing loop"),
        (1, time(14, 0), 40, "Coaching with Nerys", "By telephone: Nerys will ring you both", ""),
        (17, time(10, 30), 360, "All pairs together: the middle", "Marrowby Library", "Step-free, hearing loop"),
        (52, time(18, 0), 90, "Evening for questions", "Online", "Live captions; join by telephone if you prefer"),
    )
    for days, starts_at, minutes, title, place, access in plan:
        cohorts.actions.add_session(
            cohort=cohort,
            by=cast.manager,
            title=title,
            held_on=today + timedelta(days=days),
            starts_at=starts_at,
            duration_minutes=minutes,
            place=place,
            access_notes=access,
        )
