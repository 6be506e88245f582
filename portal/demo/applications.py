"""People who apply: to the open cohort, and to the one that is choosing, with reviews, decisions, offers and a list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import cohorts.actions
import pairs.actions
from accounts.models import User
from applications.actions import (
    answering,
    assisting,
    deciding,
    inviting,
    releasing,
    reviewing,
    sending,
    starting,
)
from applications.models import Applicant, Application, Question, Review
from applications.models.selection import Verdict
from applications.waiting_letters import release_of
from cohorts.models import Cohort
from notifications.models import LedgerRow
from pairs.matching import introducing, suggesting
from pairs.matching.models import Introduction
from portal.demo.people import Cast, Invented, make

Side = Applicant.Side


@dataclass(frozen=True)
class Asking:
    """What one application says; the rest of its questions get the first thing there is to choose."""

    people: tuple[Invented, ...]
    challenge: str = ""
    system: str = "Penhollow and the islands"
    why: str = ""
    about: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    times: tuple[str, ...] = ("tue-morning", "thu-afternoon")
    access: str = ""


def _two(professional: tuple[str, str], partner: tuple[str, str], challenge: str, why: str, system: str = "") -> Asking:
    people = tuple(
        Invented(f"{name.split()[0].lower()}.{name.split()[-1].lower()}@apply.test", name, title)
        for name, title in (professional, partner)
    )
    return Asking(people, challenge, system or "Penhollow and the islands", why)


def _one(name: str, title: str, about: str, topics: tuple[str, ...], *, system: str, access: str = "") -> Asking:
    person = Invented(f"{name.split()[0].lower()}.{name.split()[-1].lower()}@apply.test", name, title)
    return Asking((person,), system=system, about=(about,), topics=topics, access=access)


CHOOSING = (
    _two(
        ("Isolde Merrick", "District nurse"),
        ("Barnaby Coyle", "Cares for his wife"),
        "One folder that comes home with you",
        "Every visit starts with the same twenty questions. We want one folder, at home, that everybody writes in.",
    ),
    _two(
        ("Teodor Vance", "Pharmacist"),
        ("Hyacinth Adeyemi", "Lives with sickle cell"),
        "Pain relief without having to prove it",
        "At three in the morning nobody believes you. We want a plan that the emergency department knows beforehand.",
    ),
    _two(
        ("Rosalind Tarn", "Speech therapist"),
        ("Gideon Skye", "Had a stroke in 2023"),
        "Time to finish a sentence",
        "Appointments end before people with aphasia have said why they came.",
    ),
    _two(
        ("Marcus Fell", "Practice manager"),
        ("Oonagh Brack", "Mother of twins"),
        "The telephone at eight",
        "At one minute past eight all appointments are gone. We would like to try three other ways.",
        "Marrowby",
    ),
    _two(
        ("Priya Holloway", "Renal nurse"),
        ("Edmund Wraith", "On dialysis since 2019"),
        "Dialysis that fits a working week",
        "Half of us gave up work because of the timetable, not because of the illness.",
        "Marrowby",
    ),
    _two(
        ("Callum Dray", "Community psychiatric nurse"),
        ("Linnet Marsh", "Peer supporter"),
        "What to say before somebody is discharged",
        "Three weeks after leaving the ward is the hardest time. We want to prepare for it together.",
        "Marrowby",
    ),
    _two(
        ("Agnes Rook", "Health visitor"),
        ("Tamsin Oyelowo", "Grandmother bringing up two"),
        "Grandparents are parents, too",
        "Forms have no box for us. The children notice.",
    ),
    _two(
        ("Felix Arundel", "Dietitian"),
        ("Moira Penhale", "Lives with diabetes"),
        "Food that people here eat",
        "The leaflet shows quinoa. Nobody on the islands has ever bought any.",
    ),
)
OPEN = (
    _two(
        ("Bettina Shaw", "Occupational therapist"),
        ("Rufus Lark", "Wheelchair user"),
        "Doors that open by themselves",
        "There are eleven doors between the car park and the clinic. We counted how many one can open alone: four.",
    ),
    _two(
        ("Conrad Iveson", "GP"),
        ("Delphine Okoro", "Carer for her father"),
        "A name for the carer on the record",
        "I am rung by nobody and asked by everybody.",
    ),
)
SEEKERS = (
    (Side.PARTNER, _one("Caspian Dray", "", "I spent a long time on a ward and would like to make it kinder.",
                        ("Mental health", "Going home from hospital"), system="Penhollow and the islands",
                        access="Meetings after eleven, and a break every hour")),
    (Side.PROFESSIONAL, _one("Juno Halse", "Ward manager", "I run an acute ward and know what I do not see.",
                             ("Mental health",), system="Penhollow and the islands")),
    (Side.PARTNER, _one("Perpetua Vane", "", "Retired teacher, three new joints, many waiting rooms.",
                        ("Older people",), system="Marrowby", access="Step-free, please")),
    (Side.PROFESSIONAL, _one("Anselm Court", "Physiotherapist", "I would like to hear what happens after I have left.",
                             ("Older people", "Going home from hospital"), system="Marrowby")),
    (Side.PARTNER, _one("Isaac Thole", "", "My son has epilepsy; I keep the diary.",
                        ("Children and young people",), system="Penhollow and the islands")),
    (Side.PROFESSIONAL, _one("Verity Nance", "School nurse", "Six schools, one bicycle.",
                             ("Children and young people",), system="Penhollow and the islands")),
    (Side.PARTNER, _one("Ottilie Grove", "", "I was a carer for nine years and am learning what comes after.",
                        ("The end of life",), system="Fallow Valley")),
)  # fmt: skip


def build(*, cast: Cast, choosing: Cohort, opened: Cohort, at: datetime) -> None:
    """`choosing` and `opened` are in their states; applications came in while each was open."""
    reviewer = User.objects.get(email="reviewer@demo.test")
    _open_cohort(opened, cast, at)
    Cohort.objects.filter(pk=choosing.pk).update(state=Cohort.State.OPEN)  # as it was when they applied
    choosing.refresh_from_db()
    sent = [_apply(choosing, one, cast, at - timedelta(days=30 - day)) for day, one in enumerate(CHOOSING)]
    seekers = [
        _apply(choosing, one, cast, at - timedelta(days=20 - day), side=side) for day, (side, one) in enumerate(SEEKERS)
    ]
    Cohort.objects.filter(pk=choosing.pk).update(state=Cohort.State.SELECTING)
    choosing.refresh_from_db()
    _review(choosing, sent, cast, reviewer, at - timedelta(days=12))
    _decide(choosing, sent, cast, at)
    _match(choosing, seekers, cast, at)
    _were_sent(at)


def _open_cohort(cohort: Cohort, cast: Cast, at: datetime) -> None:
    cohorts.actions.edit_cohort(cohort=cohort, by=cast.manager, apply_by=(at + timedelta(days=40)).date())
    cohort.refresh_from_db()
    for day, one in enumerate(OPEN):
        _apply(cohort, one, cast, at - timedelta(days=6 - day))
    half = make(Invented("wilf.tansy@apply.test", "Wilf Tansy", ""), password_hash=cast.password_hash)
    draft = starting.start_application(
        cohort=cohort, by=half, kind=Application.Kind.PAIR, side=Side.PARTNER, at=at - timedelta(days=2)
    )
    inviting.invite_partner(
        application=draft, by=half, name="Dr Sable Crane", email="sable.crane@apply.test", at=at - timedelta(days=1)
    )
    assisting.start_for(
        cohort=cohort,
        by=cast.manager,
        kind=Application.Kind.SEEKING,
        route=Application.Route.TELEPHONE,
        people={Side.PARTNER: {"name": "Enid Stroud", "email": "", "phone": "01632 960 188"}},
        at=at - timedelta(days=1),
    )


def _apply(cohort: Cohort, one: Asking, cast: Cast, at: datetime, *, side: str = "") -> Application:
    """Begun, answered, confirmed and sent, each by the people themselves."""
    users = [_person(person, cast) for person in one.people]
    kind = Application.Kind.PAIR if len(users) == 2 else Application.Kind.SEEKING
    sides = [side] if side else [Side.PROFESSIONAL, Side.PARTNER]
    application = starting.start_application(cohort=cohort, by=users[0], kind=kind, side=sides[0], at=at)
    if len(users) == 2:
        invited = inviting.invite_partner(
            application=application, by=users[0], name=users[1].name, email=users[1].email, at=at
        )
        inviting.take_up(applicant=invited, by=users[1], at=at + timedelta(hours=5))
    for place, user in enumerate(users):
        part = application.applicants.get(user=user)
        about = one.about[place] if one.about else f"{user.role_title}. I have thought about this for a long time."
        missing = sending.what_is_missing(application, part)
        questions = [*missing["own"], *application.question_set.questions.filter(key="access")]
        for question in questions:
            _answer(application, question, part, _value(question, one, about), user, at)
        for question in missing["shared"]:
            _answer(application, question, None, _value(question, one, about), user, at)
        sending.confirm(applicant=part, by=user, at=at + timedelta(hours=8))
    application.refresh_from_db()
    return application


def _person(person: Invented, cast: Cast) -> User:
    if person.name == "Caspian Dray":
        return User.objects.get(email="seeker@demo.test")
    return make(person, password_hash=cast.password_hash)


def _user(applicant: Applicant) -> User:
    return User.objects.get(applicants=applicant)


def _answer(
    application: Application, question: Question, part: Applicant | None, value: Any, by: User, at: datetime
) -> None:
    if value:
        answering.save_answer(
            application=application, question=question, applicant=part, value=value, version=0, by=by, at=at
        )


def _value(question: Question, one: Asking, about: str) -> Any:
    said: dict[str, Any] = {
        Question.Meaning.ABOUT: about,
        Question.Meaning.BRINGS: "Patience, a telephone and a sense of humour.",
        Question.Meaning.INTERESTS: list(one.topics),
        Question.Meaning.TIMES: list(one.times),
        Question.Meaning.LANGUAGE: ["English"],
        Question.Meaning.ACCESS: one.access,
        Question.Meaning.LOCAL_SYSTEM: one.system,
        Question.Meaning.CHALLENGE: one.challenge,
        Question.Meaning.CHALLENGE_MORE: one.why,
        Question.Meaning.TRAVEL: "Anywhere in our local area",
        Question.Meaning.CARE: "No",
    }
    return said.get(question.meaning, "")


def _review(cohort: Cohort, sent: list[Application], cast: Cast, reviewer: User, at: datetime) -> None:
    criteria = reviewing.add_suggested_criteria(cohort=cohort, by=cast.manager)
    for user in (reviewer, cast.manager):
        reviewing.assign_reviewer(cohort=cohort, user=user, by=cast.manager, at=at)
    reviewing.declare_conflict(application=sent[6], user=reviewer, by=reviewer, reason="Agnes is my neighbour.", at=at)
    for number, application in enumerate(sent[:6]):
        for shift, user in enumerate((cast.manager, reviewer)):
            if user == reviewer and number > 3:
                continue  # still to do
            reviewing.save_review(
                application=application,
                by=user,
                version=0,
                points={one.pk: 3 + (number + place + shift) % 3 for place, one in enumerate(criteria)},
                basis=Review.Basis.CONVERSATION if number % 2 else Review.Basis.WRITTEN,
                note="They finish each other’s sentences. Ask who pays for the time.",
                hand_in=True,
                at=at + timedelta(hours=number),
            )
    reviewing.add_note(
        application=sent[0], by=cast.manager, text="Rang both on Monday. Isolde has her manager’s word.", at=at
    )


def _decide(cohort: Cohort, sent: list[Application], cast: Cast, at: datetime) -> None:
    """Two places offered (one taken, one waiting), two on the list, one told not this time; two more are prepared."""
    released_at = at - timedelta(days=4)
    by_verdict = {
        Verdict.OFFER: sent[0:2],
        Verdict.RESERVE: sent[2:4],
        Verdict.NOT_THIS_TIME: sent[7:8],
    }
    for verdict, several in by_verdict.items():
        for application in several:
            deciding.prepare_decision(application=application, verdict=verdict, by=cast.manager, at=released_at)
    shown = release_of(cohort, released_at.date())
    releasing.release_decisions(cohort=cohort, by=cast.manager, digest=shown.digest, at=released_at)
    offer = sent[0].offers.get()
    for person in sent[0].applicants.live():
        pairs.actions.accept_offer(offer=offer, applicant=person, by=_user(person), at=at - timedelta(days=2))
    first = sent[1].applicants.live().earliest("pk")
    pairs.actions.accept_offer(offer=sent[1].offers.get(), applicant=first, by=_user(first), at=at - timedelta(days=1))
    for application, verdict in ((sent[4], Verdict.OFFER), (sent[5], Verdict.RESERVE)):
        fresh = Application.objects.get(pk=application.pk)
        deciding.prepare_decision(application=fresh, verdict=verdict, by=cast.manager, at=at - timedelta(hours=3))


def _match(cohort: Cohort, seekers: list[Application], cast: Cast, at: datetime) -> None:
    """A suggestion for everybody: one couple asked, with one yes; one said not this time; one kept; two kept apart."""
    suggesting.suggest(cohort=cohort, by=cast.manager, at=at - timedelta(days=3))
    first = seekers[0].applicants.get()
    couple = first.introductions_as_partner.latest("pk")
    introducing.publish(cohort=cohort, introductions=[couple.pk], by=cast.manager, at=at - timedelta(days=2))
    couple.refresh_from_db()
    other = couple.professional
    introducing.say_yes(introduction=couple, applicant=other, by=_user(other), at=at - timedelta(days=1))
    second, third = Introduction.objects.prepared().filter(cohort=cohort).order_by("pk")[:2]
    introducing.publish(cohort=cohort, introductions=[second.pk], by=cast.manager, at=at - timedelta(days=2))
    second.refresh_from_db()
    introducing.say_no(
        introduction=second, applicant=second.partner, by=_user(second.partner), at=at - timedelta(days=1)
    )
    suggesting.keep(introduction=third, by=cast.manager, at=at - timedelta(days=1))
    suggesting.forbid(
        cohort=cohort,
        professional=second.professional,
        partner=third.partner,
        by=cast.manager,
        at=at - timedelta(days=1),
    )


def _were_sent(at: datetime) -> None:
    """The mail of those days went out then."""
    waiting = LedgerRow.objects.filter(address__endswith="@apply.test", state=LedgerRow.State.QUEUED, due_at__lte=at)
    waiting.update(state=LedgerRow.State.SENT, attempt=1, secret=None, settled_at=at)
