"""People who asked: with nobody, taken, late, answered, spoken to, closed in each way, and one from a machine."""

import uuid
from datetime import datetime, timedelta

from accounts.models import Role, User
from cohorts.enquiries import days, letters
from cohorts.enquiries.actions import answering, closing, owning, stepping
from cohorts.enquiries.actions.receiving import Asked, receive
from cohorts.enquiries.actions.rows import Step
from cohorts.enquiries.letters import Words
from cohorts.enquiries.models import Enquiry
from cohorts.models import Programme
from notifications.models import LedgerRow
from portal.demo.cohorts import Scene
from portal.demo.people import Invented, make

Kind, Outcome = Enquiry.Kind, Enquiry.Outcome
# Somebody outside the team who has the role, so that an enquiry can be handed to them.
TRUSTEE = Invented("trustee@demo.test", "Hollis Abernethy", "Trustee", "The Larkmoor Fund", role=Role.MANAGER)


def build(*, scene: Scene, at: datetime) -> None:
    programme, manager = scene.opened.programme, scene.cast.manager
    trustee = make(TRUSTEE, password_hash=scene.cast.password_hash, by=manager)
    _with_nobody(programme, scene, at)
    _taken(programme, manager, trustee, at)
    _closed(programme, manager, at)
    LedgerRow.objects.filter(kind__startswith="enquiries.").update(
        state=LedgerRow.State.SENT, attempt=1, queued_at=at, settled_at=at
    )


def _with_nobody(programme: Programme, scene: Scene, at: datetime) -> None:
    _ask(
        programme,
        Asked(
            Kind.INTEREST,
            "Philippa Underhill",
            "I have looked after my husband since his stroke and would like to do something with what I have learned. "
            "I do not know anybody who works in health. Is that a problem?",
            email="philippa.underhill@asks.test",
            reach="Ring in the evening, please",
            phone="01632 960 218",
            cohort=scene.opened,
        ),
        at - timedelta(hours=3),
    )
    _ask(
        programme,
        Asked(
            Kind.BESPOKE,
            "Dr Anselm Okafor-Reyes",
            "We are four practices and a hospice around Corran Vale, and would like to run this ourselves next spring, "
            "for about ten pairs. What would it cost, and what would you need from us?",
            email="anselm.okafor-reyes@asks.test",
            organisation="Corran Vale Alliance",
        ),
        at - timedelta(days=6),
    )
    _ask(
        programme,
        Asked(
            Kind.QUESTION,
            "SEO Team",
            "Rank first! https://one.example https://two.example https://three.example",
            email="offer@machine.test",
        ),
        at - timedelta(days=1),
        signs=[Enquiry.Sign.HIDDEN_FIELD, Enquiry.Sign.LINKS],
    )


def _taken(programme: Programme, manager: User, trustee: User, at: datetime) -> None:
    late = _ask(
        programme,
        Asked(
            Kind.QUESTION,
            "Nuala Fairweather",
            "Are the train fares paid beforehand or afterwards? I cannot lay out sixty pounds.",
            phone="01632 960 377",
            reach="After ten. It takes me a while to get to the telephone.",
        ),
        at - timedelta(days=8),
    )
    owning.take(enquiry=late, by=manager, step=_step("Ring her", at, -2), at=at - timedelta(days=7))
    # Her brother, from the telephone they share: what he asked is not hers.
    _ask(
        programme,
        Asked(
            Kind.INTEREST, "Idris Fairweather", "My sister Nuala rang you. Could I come too?", phone="+44 1632 960377"
        ),
        at - timedelta(days=1, hours=2),
    )
    stepping.note_call(
        enquiry=late,
        text="Nobody answered. Let it ring ten times.",
        on=days.today_at(at) - timedelta(days=5),
        step=_step("Ring her again, after ten", at, -1),
        by=manager,
        at=at - timedelta(days=5),
    )
    today = _ask(
        programme,
        Asked(
            Kind.INTEREST,
            "Bartholomew Quist",
            "Lloyd from the kidney group told me about you. Could I come and see what a session is like?",
            email="bartholomew.quist@asks.test",
        ),
        at - timedelta(days=3),
    )
    owning.take(enquiry=today, by=manager, step=_step("Ask Nerys whether he can visit", at, 0), at=at - timedelta(1))
    answered = _ask(
        programme,
        Asked(
            Kind.QUESTION,
            "Saoirse Lindqvist",
            "I am a ward sister. My manager asks how many days away from the ward it means.",
            email="saoirse.lindqvist@asks.test",
            organisation="Marrowby Hospital",
        ),
        at - timedelta(days=4),
    )
    _answer(
        answered,
        manager,
        "Dear Saoirse,\n\nit is two days a month, from spring to the end of the year, and we can put that in a letter "
        "to your manager.\n\nWith warm wishes\nMarguerite Oyelaran",
        at - timedelta(days=2),
    )
    handed = _ask(
        programme,
        Asked(
            Kind.BESPOKE,
            "Ottilie Marchbanks",
            "Our carers’ network would like a smaller programme on the islands, in two languages.",
            email="ottilie.marchbanks@asks.test",
            phone="+44 1632 960 551",
            organisation="Islands Carers’ Network",
        ),
        at - timedelta(days=5),
    )
    owning.take(enquiry=handed, by=manager, step=_step("Talk it over with the trustees", at, 6), at=at - timedelta(4))
    owning.hand_over(
        enquiry=handed,
        to=trustee,
        by=manager,
        seen_owner=manager.pk,
        word="You know the islands better than any of us.",
        at=at - timedelta(days=3),
    )


def _closed(programme: Programme, manager: User, at: datetime) -> None:
    told = (
        ("Caspian Dray", "seeker@demo.test", Kind.INTEREST, Outcome.APPLIED, "May I apply alone?"),
        (
            "Tancred Bell",
            "tancred@asks.test",
            Kind.QUESTION,
            Outcome.ANSWERED,
            "Is there parking for a wheelchair van?",
        ),
        ("Merle Haddad", "merle@asks.test", Kind.QUESTION, Outcome.REFERRED, "Where do I complain about my surgery?"),
        ("Ursula Pike", "ursula@asks.test", Kind.INTEREST, Outcome.NO_REPLY, "Please ring me."),
        ("A salesman", "sales@asks.test", Kind.BESPOKE, Outcome.NOT_FOR_US, "We sell software for hospitals."),
    )
    for number, (name, address, kind, outcome, text) in enumerate(told, 9):
        enquiry = _ask(programme, Asked(kind, name, text, email=address), at - timedelta(days=number * 3))
        closed_at = at - timedelta(days=number * 3 - 2)
        if outcome == Outcome.ANSWERED:
            _answer(enquiry, manager, "Dear Tancred,\n\nyes, two wide bays by the door.\n\nMarguerite", closed_at)
        closing.close(enquiry=enquiry, outcome=outcome, by=manager, at=closed_at)


def _ask(programme: Programme, asked: Asked, at: datetime, *, signs: list[str] | None = None) -> Enquiry:
    return receive(programme=programme, asked=asked, key=uuid.uuid4(), signs=signs or [], at=at)


def _step(what: str, at: datetime, in_days: int) -> Step:
    """A weekend's step is moved away from today: what is late stays late."""
    day = days.today_at(at) + timedelta(days=in_days)
    while day.weekday() > 4:
        day += timedelta(days=1 if in_days > 0 else -1)
    return Step(what, day)


def _answer(enquiry: Enquiry, manager: User, body: str, at: datetime) -> None:
    words = Words(letters.begun(enquiry, manager).subject, body)
    answering.answer(
        enquiry=enquiry,
        words=words,
        step=Step("Ask whether that answered it", days.working_days_after(days.today_at(at), days.HEARD_AGAIN_AFTER)),
        by=manager,
        digest=letters.letter_of(enquiry, words).digest,
        seen_answers=0,
        at=at,
    )
