"""From the first question to *sent*: who writes what, who reads it, and that it is sent once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.utils import timezone

import cohorts.actions
from accounts.models import AuditEvent, Role, User
from applications.actions import answering, assisting, inviting, leaving, questions, sending, starting
from applications.actions.states import move
from applications.exceptions import (
    AlreadyApplying,
    ApplicationsClosed,
    ChangedElsewhere,
    HelperUnknown,
    InvitationClosed,
    InvitedTooOften,
    NotTheirs,
    QuestionsMissing,
)
from applications.models import Answer, Applicant, Application, Question, QuestionSet, StateChange
from cohorts.models import Cohort
from config.tokens import hash_of
from notifications.models import LedgerRow
from tests.accounts.factories import make_person, make_staff
from tests.applications.factories import make_application, make_open_cohort
from tests.pairs.factories import at_once as many_at_once
from tests.unlocked import without_row_locks

pytestmark = pytest.mark.django_db

PAIR, SEEKING = Application.Kind.PAIR, Application.Kind.SEEKING
Side = Applicant.Side


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    return many_at_once(lambda number: acts[number](), threads=len(acts))


def begin(cohort: Cohort, person: User, kind: str = PAIR, side: str = Side.PARTNER) -> Application:
    return starting.start_application(cohort=cohort, by=person, kind=kind, side=side)


def token_of(applicant: Applicant) -> str:
    row = LedgerRow.objects.filter(kind="applications.invitation", ids__applicant=applicant.pk).latest("pk")
    assert row.secret
    return str(row.secret["token"])


def part_of(application: Application, person: User) -> Applicant:
    return application.applicants.live().get(user=person)


def answer(
    application: Application, key: str, value: Any, *, by: User, shared: bool = False, version: int = 0
) -> Answer:
    return answering.save_answer(
        application=application,
        question=application.question_set.questions.get(key=key),
        applicant=None if shared else part_of(application, by),
        value=value,
        version=version,
        by=by,
    )


def answer_all(application: Application, person: User) -> None:
    """Every required question that this person may answer and that has no answer yet."""
    given = {
        Question.Kind.SHORT: "Saltmarsh",
        Question.Kind.LONG: "Letters nobody understands.",
        Question.Kind.TIMES: ["mon-morning"],
        Question.Kind.YES_NO: True,
    }
    missing = sending.what_is_missing(application, part_of(application, person))
    for shared in (False, True):
        for one in missing["shared" if shared else "own"]:
            value = given.get(one.kind) or (one.choices[:1] if one.kind == Question.Kind.SOME_OF else one.choices[0])
            answer(application, one.key, value, by=person, shared=shared)


def together(cohort: Cohort, *, answered: bool = True) -> tuple[Application, User, User]:
    """A draft of two people who have both joined."""
    partner, professional = make_person(), make_person()
    application = begin(cohort, partner)
    invited = inviting.invite_partner(application=application, by=partner, name="Ada", email=professional.email)
    inviting.take_up(applicant=invited, by=professional)
    if answered:
        answer_all(application, partner)
        answer_all(application, professional)
    return application, partner, professional


# ---- Beginning ----


def test_one_person_has_one_draft_of_a_cohort_however_often_they_begin() -> None:
    cohort, person = make_open_cohort(), make_person()
    first = begin(cohort, person)

    assert begin(cohort, person, SEEKING, Side.PROFESSIONAL) == first
    assert [part.user for part in first.applicants.all()] == [person]
    assert first.state == Application.State.DRAFT
    assert not set(first.reference) & set("01OILSZ5")


@pytest.mark.parametrize(
    ("state", "apply_by_days"),
    [("draft", None), ("selecting", None), ("running", None), ("open", -1)],
)
def test_nobody_begins_when_the_cohort_takes_no_applications(state: str, apply_by_days: int | None) -> None:
    day = None if apply_by_days is None else timezone.now().date() + timedelta(days=apply_by_days)
    cohort = make_open_cohort(state=state, apply_by=day)

    with pytest.raises(ApplicationsClosed):
        begin(cohort, make_person())
    assert not Application.objects.exists()


def test_the_last_day_to_apply_is_a_whole_day_where_the_cohort_is(time_machine: Any) -> None:
    cohort = make_open_cohort(apply_by="2027-03-28", time_zone="America/New_York")
    time_machine.move_to("2027-03-29 03:30:00Z", tick=False)  # 23:30 on the 28th in New York
    begin(cohort, make_person())
    time_machine.move_to("2027-03-29 04:30:00Z", tick=False)
    with pytest.raises(ApplicationsClosed):
        begin(cohort, make_person())


def test_who_has_sent_one_begins_no_second() -> None:
    cohort, person = make_open_cohort(), make_person()
    make_application(cohort, partner=person)

    with pytest.raises(AlreadyApplying):
        begin(cohort, person)


# ---- Questions ----


def test_a_cohort_without_questions_begins_with_the_starter() -> None:
    cohort = make_open_cohort()
    cohort.question_sets.get().questions.all().delete()
    cohort.question_sets.all().delete()

    application = begin(cohort, make_person())
    assert application.question_set.number == 1
    assert application.question_set.questions.filter(meaning=Question.Meaning.LOCAL_SYSTEM).exists()


def test_changed_questions_are_asked_of_those_who_begin_later_only() -> None:
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    before = begin(cohort, make_person())
    about = before.question_set.questions.get(key="about")
    questions.save_question(cohort=cohort, by=manager, question=about, text="Who are you?")
    questions.remove_question(cohort=cohort, by=manager, key="travel")
    unpublished = begin(cohort, make_person())
    questions.publish_next_set(cohort=cohort, by=manager)
    after = begin(cohort, make_person())

    def asked(application: Application) -> set[str]:
        return set(Application.objects.get(pk=application.pk).question_set.questions.values_list("text", flat=True))

    assert asked(before) == asked(unpublished)
    assert "Who are you?" not in asked(before)
    assert asked(after) - asked(before) == {"Who are you?"}
    assert asked(before) - asked(after) == {"Tell us a little about yourself", "How far can you travel to meet?"}
    assert set(after.question_set.questions.values_list("key", flat=True)) < set(
        before.question_set.questions.values_list("key", flat=True)
    )


def test_questions_change_places_and_an_unpublished_set_can_be_thrown_away() -> None:
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    keys = list(cohort.question_sets.get().questions.values_list("key", flat=True))
    questions.move_question(cohort=cohort, by=manager, key=keys[1], up=True)
    questions.move_question(cohort=cohort, by=manager, key=keys[1], up=True)  # at the top already
    editing = cohort.question_sets.get(number=2)
    assert list(editing.questions.values_list("key", flat=True)) == [keys[1], keys[0], *keys[2:]]

    questions.drop_next_set(cohort=cohort, by=manager)
    assert [one.number for one in QuestionSet.objects.filter(cohort=cohort)] == [1]


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_publish_at_once_publish_one_set() -> None:
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    about = cohort.question_sets.get().questions.get(key="about")
    questions.save_question(cohort=cohort, by=manager, question=about, text="Who are you?")

    at_once([lambda: questions.publish_next_set(cohort=cohort, by=manager)] * 6)
    assert list(cohort.question_sets.values_list("number", flat=True)) == [1, 2]
    assert not cohort.question_sets.filter(published_at=None).exists()


# ---- Answering ----


def test_an_answer_is_kept_as_its_question_asks() -> None:
    cohort, person = make_open_cohort(), make_person()
    application = begin(cohort, person, SEEKING)

    assert answer(application, "about", "  A line\r\nand another ", by=person).value == "A line\nand another"
    assert answer(application, "times", ["sun-evening", "mon-morning", "moonday"], by=person).value == [
        "mon-morning",
        "sun-evening",
    ]
    with pytest.raises(ValueError, match="To the moon"):
        answer(application, "travel", "To the moon", by=person)
    with pytest.raises(ValueError, match="xxx"):
        answer(application, "reach", "x" * 301, by=person)


def test_a_save_that_saw_an_older_answer_is_refused_with_what_stands_there() -> None:
    cohort, person = make_open_cohort(), make_person()
    application = begin(cohort, person)
    first = answer(application, "about", "one", by=person)
    answer(application, "about", "two", by=person, version=first.version)

    with pytest.raises(ChangedElsewhere) as refused:
        answer(application, "about", "three", by=person, version=first.version)
    assert refused.value.theirs == "two"
    assert Answer.objects.get(question__key="about", application=application).value == "two"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [0, 1])
def test_of_two_tabs_that_save_at_once_one_is_told(version: int) -> None:
    cohort, person = make_open_cohort(), make_person()
    application = begin(cohort, person)
    if version:
        answer(application, "about", "before", by=person)

    results = at_once([_saying(application, f"text {tab}", person, version) for tab in range(8)])
    assert sorted(map(str, results)) == ["ChangedElsewhere"] * 7 + ["saved"]
    assert Answer.objects.get(application=application).version == version + 1


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_one_is_told_also_without_the_lock() -> None:
    """The write names the version it saw: the lock is not all that keeps two texts apart."""
    application = begin(make_open_cohort(), person := make_person())
    answer(application, "about", "before", by=person)
    both_have_read = Barrier(2)

    def unlocked(number: int) -> str:
        with without_row_locks(after='FROM "applications_answer"', then=lambda: both_have_read.wait(timeout=30)):
            return _saying(application, f"text {number}", person, 1)()

    assert sorted(many_at_once(unlocked, threads=2)) == ["ChangedElsewhere", "saved"]


def _saying(application: Application, words: str, person: User, version: int) -> Callable[[], str]:
    def say() -> str:
        try:
            answer(application, "about", words, by=person, version=version)
        except ChangedElsewhere:
            return "ChangedElsewhere"
        return "saved"

    return say


def test_nobody_answers_what_is_not_asked_of_them() -> None:
    cohort = make_open_cohort()
    application, partner, professional = together(cohort, answered=False)
    asked = application.question_set.questions
    other = make_application(make_open_cohort(name="Elsewhere"), state="draft")
    for question, applicant in (
        (asked.get(key="challenge"), part_of(application, partner)),
        (asked.get(key="about"), None),
        (asked.get(key="interests"), part_of(application, partner)),
        (asked.get(key="about"), other.applicants.first()),
        (other.question_set.questions.get(key="about"), part_of(application, professional)),
    ):
        with pytest.raises(NotTheirs):
            answering.save_answer(
                application=application, question=question, applicant=applicant, value="x", version=0, by=partner
            )


def test_the_board_hears_of_the_challenge_and_the_local_system() -> None:
    application, partner, _professional = together(make_open_cohort(), answered=False)
    answer(application, "challenge", "Letters", by=partner, shared=True)
    answer(application, "local-system", "Fenby", by=partner, shared=True)

    application.refresh_from_db()
    assert (application.challenge, application.local_system) == ("Letters", "Fenby")


def test_neither_reads_what_the_other_keeps_to_themselves() -> None:
    application, partner, professional = together(make_open_cohort(), answered=False)
    answer(application, "about", "For the partner to see.", by=partner)
    answer(application, "access", "CANARY-ACCESS", by=partner)
    answer(application, "reach", "CANARY-REACH", by=partner)
    answer(application, "challenge", "Ours", by=partner, shared=True)

    def seen_by(person: User) -> set[str]:
        return {str(one.value) for one in Answer.objects.visible_to(person)}

    assert seen_by(professional) == {"For the partner to see.", "Ours"}
    assert seen_by(partner) == {"For the partner to see.", "CANARY-ACCESS", "CANARY-REACH", "Ours"}
    for stranger in (make_person(), make_staff(Role.MANAGER), make_staff(Role.FACILITATOR)):
        assert seen_by(stranger) == set()


# ---- The second person ----


def test_an_invitation_is_taken_up_by_its_addressee_only_once() -> None:
    cohort, partner, professional, stranger = make_open_cohort(), make_person(), make_person(), make_person()
    application = begin(cohort, partner)
    invited = inviting.invite_partner(application=application, by=partner, name="Ada", email=professional.email.upper())
    assert inviting.find_invited(token=token_of(invited)) == invited

    with pytest.raises(NotTheirs):  # forwarded to somebody else
        inviting.take_up(applicant=invited, by=stranger)
    joined = inviting.take_up(applicant=invited, by=professional)
    assert inviting.take_up(applicant=invited, by=professional) == joined
    assert {part.user for part in application.applicants.live()} == {partner, professional}


@pytest.mark.parametrize("what", ["withdrawn", "replaced", "expired", "sent", "archived"])
def test_a_link_that_is_over_opens_nothing(what: str) -> None:
    cohort, partner, professional = make_open_cohort(), make_person(), make_person()
    application = begin(cohort, partner)
    invited = inviting.invite_partner(application=application, by=partner, name="Ada", email=professional.email)
    old = Applicant.objects.get(pk=invited.pk)
    if what == "withdrawn":
        inviting.withdraw_invitation(applicant=invited, by=partner)
    elif what == "replaced":
        inviting.invite_partner(application=application, by=partner, name="Ada", email=professional.email)
    elif what == "expired":
        Applicant.objects.filter(pk=invited.pk).update(expires_at=timezone.now())
    elif what == "archived":
        Cohort.objects.filter(pk=cohort.pk).update(state=Cohort.State.ARCHIVED)
    else:
        Application.objects.filter(pk=application.pk).update(state="withdrawn")

    with pytest.raises(InvitationClosed):
        inviting.take_up(applicant=old, by=professional)
    assert not application.applicants.filter(user=professional).exists()


@pytest.mark.django_db(transaction=True)
def test_taken_up_and_withdrawn_at_once_is_one_of_the_two() -> None:
    for _again in range(5):
        invited, take_up, withdraw = invited_to_draft()
        assert sorted(at_once([take_up, withdraw])) == ["closed", "done"]
        part = Applicant.objects.get(pk=invited.pk)
        assert part.has_joined is (part.left_at is None)


def test_without_the_lock_who_has_joined_would_be_put_out_by_a_withdrawal() -> None:
    """The race is real: the one who withdraws has looked a moment before the other joins."""
    invited, take_up, withdraw = invited_to_draft()
    with without_row_locks(after='FROM "applications_applicant" WHERE "applications_applicant"."id"', then=take_up):
        assert withdraw() == "done"
    part = Applicant.objects.get(pk=invited.pk)
    assert part.has_joined
    assert part.left_at is not None


def invited_to_draft() -> tuple[Applicant, Callable[[], str], Callable[[], str]]:
    """Who is invited to a draft, and the two acts that may meet."""
    application = begin(make_open_cohort(name=f"Fenby {Application.objects.count()}"), person := make_person())
    invitee = make_person()
    invited = inviting.invite_partner(application=application, by=person, name="Ada", email=invitee.email)

    def take_up() -> str:
        try:
            inviting.take_up(applicant=Applicant.objects.get(pk=invited.pk), by=invitee)
        except InvitationClosed:
            return "closed"
        return "done"

    def withdraw() -> str:
        try:
            inviting.withdraw_invitation(applicant=invited, by=person)
        except InvitationClosed:
            return "closed"
        return "done"

    return invited, take_up, withdraw


def test_the_link_is_stored_as_a_hash_and_an_older_mail_is_void() -> None:
    application = begin(make_open_cohort(), person := make_person())
    first = inviting.invite_partner(application=application, by=person, name="Ada", email="ada@example.test")
    old = token_of(first)
    second = inviting.invite_partner(application=application, by=person, name="Ada Birch", email="ada2@example.test")

    assert second.pk == first.pk
    assert second.token_hash == hash_of(token_of(second)) != hash_of(old)
    rows = LedgerRow.objects.filter(kind="applications.invitation").order_by("pk")
    assert [(row.address, row.state) for row in rows] == [("ada@example.test", "void"), ("ada2@example.test", "queued")]


def test_nobody_invites_themselves_or_many_strangers() -> None:
    application = begin(make_open_cohort(), person := make_person())
    with pytest.raises(AlreadyApplying):
        inviting.invite_partner(application=application, by=person, name="Me", email=person.email)
    for number in range(inviting.INVITATIONS_PER_DAY):
        inviting.invite_partner(application=application, by=person, name="A", email=f"stranger{number}@example.test")
    with pytest.raises(InvitedTooOften):
        inviting.invite_partner(application=application, by=person, name="A", email="one.more@example.test")


# ---- Confirming and sending ----


def test_the_second_yes_sends_it_and_each_gets_one_mail() -> None:
    application, partner, professional = together(make_open_cohort())
    assert sending.confirm(applicant=part_of(application, partner), by=partner).is_draft
    waiting = LedgerRow.objects.get(kind="applications.your_turn")
    assert waiting.recipient == professional

    sent = sending.confirm(applicant=part_of(application, professional), by=professional)
    assert sent.state == Application.State.SENT
    assert sent.sent_at
    assert set(sent.applicants.values_list("is_counted", flat=True)) == {True}
    assert [(step.from_state, step.to_state) for step in StateChange.objects.filter(application=sent)] == [
        ("draft", "sent")
    ]
    received = LedgerRow.objects.filter(kind="applications.received")
    assert {row.recipient for row in received} == {partner, professional}
    with pytest.raises(ApplicationsClosed):
        answer(sent, "access", "later", by=partner)


def test_an_answer_changed_after_a_yes_takes_the_yes_back() -> None:
    application, partner, professional = together(make_open_cohort())
    sending.confirm(applicant=part_of(application, partner), by=partner)
    answer(application, "access", "A quiet room", by=professional)
    assert part_of(application, partner).has_confirmed  # the other's own answer is none of theirs
    there = Answer.objects.get(application=application, question__key="challenge")
    answer(application, "challenge", "Something else", by=professional, shared=True, version=there.version)

    assert not part_of(application, partner).has_confirmed


def test_whose_yes_was_taken_back_by_a_change_is_asked_again() -> None:
    application, partner, professional = together(make_open_cohort())
    asked = LedgerRow.objects.filter(kind="applications.your_turn")

    def says_yes(person: User) -> None:
        sending.confirm(applicant=part_of(application, person), by=person)

    def changes(person: User, to: str) -> None:
        version = application.answers.get(question__key="challenge").version
        answer(application, "challenge", to, by=person, shared=True, version=version)

    says_yes(partner)  # the professional is asked
    changes(professional, "Letters read aloud")
    says_yes(professional)  # the partner is asked
    changes(partner, "Letters read aloud, twice")  # and takes back the professional's yes, who believes it is given
    says_yes(partner)
    assert [row.address for row in asked.order_by("pk")] == [professional.email, partner.email, professional.email]

    sending.take_back(applicant=part_of(application, partner), by=partner)
    says_yes(partner)
    assert asked.count() == 3


def test_what_is_missing_is_asked_for_before_a_yes() -> None:
    application, partner, _professional = together(make_open_cohort(), answered=False)
    with pytest.raises(QuestionsMissing):
        sending.confirm(applicant=part_of(application, partner), by=partner)
    answer_all(application, partner)
    sending.confirm(applicant=part_of(application, partner), by=partner)
    assert part_of(application, partner).has_confirmed


def test_a_pair_cannot_be_sent_by_one_and_a_seeker_needs_nobody() -> None:
    cohort, partner, seeker = make_open_cohort(), make_person(), make_person()
    pair = begin(cohort, partner)
    answer_all(pair, partner)
    with pytest.raises(QuestionsMissing):
        sending.confirm(applicant=part_of(pair, partner), by=partner)
    alone = begin(cohort, seeker, SEEKING)
    answer_all(alone, seeker)

    assert sending.confirm(applicant=part_of(alone, seeker), by=seeker).state == Application.State.SENT


def test_a_person_is_counted_in_one_application_of_a_cohort() -> None:
    cohort = make_open_cohort()
    application, partner, professional = together(cohort)
    make_application(cohort, professional=professional, partner=make_person())
    sending.confirm(applicant=part_of(application, partner), by=partner)

    with pytest.raises(AlreadyApplying):
        sending.confirm(applicant=part_of(application, professional), by=professional)
    application.refresh_from_db()
    assert application.is_draft
    assert not part_of(application, professional).has_confirmed
    assert not LedgerRow.objects.filter(kind="applications.received").exists()


@pytest.mark.django_db(transaction=True)
def test_both_say_yes_at_once_and_it_is_sent_once() -> None:
    application, partner, professional = together(make_open_cohort())
    yeses = [_yes(part_of(application, person), person) for person in (partner, professional)] * 4

    assert set(at_once(yeses)) == {"yes"}
    application.refresh_from_db()
    assert application.state == Application.State.SENT
    assert StateChange.objects.filter(application=application).count() == 1
    assert LedgerRow.objects.filter(kind="applications.received").count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_yeses_at_once_would_send_nothing() -> None:
    """The race is real: each sees that the other has not said yes, and nobody sends it."""
    application, partner, professional = together(make_open_cohort())
    both_have_looked = Barrier(2)
    people = [(part_of(application, person), person) for person in (partner, professional)]

    def unlocked(number: int) -> str:
        with without_row_locks(after='SELECT "applications_answer"', then=lambda: both_have_looked.wait(timeout=30)):
            return _yes(*people[number])()

    assert many_at_once(unlocked, threads=2) == ["yes", "yes"]
    application.refresh_from_db()
    assert application.is_draft
    assert application.applicants.exclude(confirmed_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_person_in_two_pairs_is_sent_with_one_of_them() -> None:
    cohort, wanted = make_open_cohort(), make_person()
    both = []
    for _number in range(2):
        application, partner, _professional = together(cohort, answered=False)
        part = application.applicants.get(side=Side.PROFESSIONAL)
        Applicant.objects.filter(pk=part.pk).update(user=wanted, email=wanted.email)
        answer_all(application, partner)
        answer_all(application, wanted)
        sending.confirm(applicant=part_of(application, partner), by=partner)
        both.append(application)

    results = at_once([_yes(part_of(application, wanted), wanted) for application in both])
    assert sorted(results) == ["AlreadyApplying", "yes"]
    assert sorted(Application.objects.values_list("state", flat=True)) == ["draft", "sent"]
    assert Applicant.objects.filter(user=wanted, is_counted=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_index_one_person_would_be_counted_twice() -> None:
    """The race is real: the same two moves, with no unique index, both count."""
    from django.db import connection

    cohort, wanted = make_open_cohort(), make_person()
    both = [make_application(cohort, professional=wanted, partner=make_person(), state="draft") for _n in range(2)]
    dropped = ["one_counted_application_per_address", "one_counted_application_per_person"]
    with connection.cursor() as cursor:
        for name in dropped:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
            dropped[dropped.index(name)] = cursor.fetchone()[0]
            cursor.execute(f"DROP INDEX {name}")
    try:
        now = timezone.now()
        at_once([lambda one=one: move(application=one, to="sent", by=None, at=now, sent_at=now) for one in both])
        assert Applicant.objects.filter(user=wanted, is_counted=True).count() == 2
    finally:
        Applicant.objects.update(is_counted=False)
        with connection.cursor() as cursor:
            for definition in dropped:
                cursor.execute(definition)


def _yes(applicant: Applicant, person: User) -> Callable[[], str]:
    def say() -> str:
        try:
            sending.confirm(applicant=applicant, by=person)
        except AlreadyApplying:
            return "AlreadyApplying"
        return "yes"

    return say


# ---- With help ----


def test_staff_write_down_what_two_people_say_and_record_their_yes() -> None:
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    application = assisting.start_for(
        cohort=cohort,
        by=manager,
        kind=PAIR,
        route=Application.Route.TELEPHONE,
        people={
            Side.PARTNER: {"name": "Ada Birch", "email": "", "phone": "01632 960 001"},
            Side.PROFESSIONAL: {"name": "Bram Oke", "email": "bram@example.test", "phone": ""},
        },
    )
    for part in application.applicants.all():
        for shared in (False, True):
            for one in sending.what_is_missing(application, part)["shared" if shared else "own"]:
                value = one.choices[:1] if one.kind == "some_of" else (one.choices or ["said"])[0]
                answering.save_answer(
                    application=application,
                    question=one,
                    applicant=None if shared else part,
                    value=["mon-morning"] if one.kind == "times" else value,
                    version=0,
                    by=manager,
                )
        application = assisting.confirm_for(applicant=part, by=manager, how="On the telephone today")

    assert application.state == Application.State.SENT
    assert {part.helper_agreed_how for part in application.applicants.all()} == {"On the telephone today"}
    assert [row.address for row in LedgerRow.objects.filter(kind="applications.received")] == ["bram@example.test"]


def heard(cohort: Cohort, manager: User) -> tuple[Application, Applicant]:
    """Written down on the telephone, with every answer: one person who looks for a partner and has no address."""
    application = assisting.start_for(
        cohort=cohort,
        by=manager,
        kind=SEEKING,
        route=Application.Route.TELEPHONE,
        people={Side.PARTNER: {"name": "Ada Birch", "email": "", "phone": "01632 960 001"}},
    )
    part = application.applicants.get()
    missing = sending.what_is_missing(application, part)
    for one in (*missing["own"], *missing["shared"]):
        value: Any = {"times": ["mon-morning"], "some_of": one.choices[:1]}.get(one.kind)
        answering.save_answer(
            application=application,
            question=one,
            applicant=part if one in missing["own"] else None,
            value=value or (one.choices or ["said"])[0],
            version=0,
            by=manager,
        )
    return application, part


def test_reading_back_leaves_who_helps_as_it_was_agreed() -> None:
    manager, helper = make_staff(Role.MANAGER), make_person()
    application, part = heard(make_open_cohort(), manager)
    assisting.let_help(applicant=part, by=manager, helper_email=helper.email, how="Her own words, on Monday")
    part.refresh_from_db()
    agreed_at = part.helper_agreed_at

    assisting.confirm_for(applicant=part, by=manager, how="On the telephone today")

    part.refresh_from_db()
    assert (part.helper, part.helper_agreed_at, part.helper_agreed_how) == (
        helper,
        agreed_at,
        "Her own words, on Monday",
    )
    assert [note.text for note in application.notes.all()] == [
        "Read back to them (Patient partner): On the telephone today"
    ]


def test_reading_back_a_second_time_changes_nothing() -> None:
    manager = make_staff(Role.MANAGER)
    application, part = heard(make_open_cohort(), manager)
    assisting.confirm_for(applicant=part, by=manager, how="On the telephone today")
    part.refresh_from_db()
    first_time = part.read_back_at

    assisting.confirm_for(applicant=part, by=manager, how="A second click")

    part.refresh_from_db()
    assert part.read_back_at == first_time
    assert part.helper_agreed_how == "On the telephone today"
    assert AuditEvent.objects.filter(verb="applicant.read_back").count() == 1
    assert Application.objects.get(pk=application.pk).state == Application.State.SENT


def test_the_yes_of_somebody_who_has_left_meanwhile_is_nobodys() -> None:
    application, partner, professional = together(make_open_cohort())
    mine = part_of(application, partner)
    somebody_else_takes_the_place_of(mine, professional)

    with pytest.raises(NotTheirs):
        sending.confirm(applicant=mine, by=partner)
    assert not application.applicants.exclude(confirmed_at=None).exists()


def somebody_else_takes_the_place_of(applicant: Applicant, other: User) -> User:
    """They leave, the other invites a third, who joins; the third."""
    application = applicant.application
    leaving.leave(applicant=applicant, by=other, seen=None)
    application.refresh_from_db()
    newcomer = make_person()
    invited = inviting.invite_partner(application=application, by=other, name="Cleo", email=newcomer.email)
    inviting.take_up(applicant=invited, by=newcomer)
    return newcomer


def test_a_helper_sees_and_writes_one_persons_part_until_it_ends() -> None:
    application, partner, professional = together(make_open_cohort())
    helper = make_person()
    answer(application, "access", "CANARY-OTHER", by=professional)
    mine = part_of(application, partner)
    with pytest.raises(HelperUnknown):
        assisting.let_help(applicant=mine, by=partner, helper_email="nobody@example.test")
    with pytest.raises(NotTheirs):
        assisting.let_help(applicant=mine, by=partner, helper_email=professional.email)
    assisting.let_help(applicant=mine, by=partner, helper_email=helper.email)

    assert list(Applicant.objects.written_by(helper)) == [mine]
    assert "CANARY-OTHER" not in {str(one.value) for one in Answer.objects.visible_to(helper)}
    assert Answer.objects.visible_to(helper).filter(applicant=mine).exists()
    assisting.end_help(applicant=mine, by=partner)
    assert not Answer.objects.visible_to(helper).exists()
    assert not Application.objects.visible_to(helper).exists()


def test_an_archived_cohort_takes_no_writes() -> None:
    from cohorts.exceptions import CohortArchived

    application, partner, _professional = together(make_open_cohort())
    Cohort.objects.filter(pk=application.cohort_id).update(state=Cohort.State.ARCHIVED)
    cohort = Cohort.objects.get(pk=application.cohort_id)
    mine, helper = part_of(application, partner), make_person()
    for act in (
        lambda: begin(cohort, make_person()),
        lambda: sending.confirm(applicant=mine, by=partner),
        lambda: questions.open_next_set(cohort=cohort, by=partner),
        lambda: cohorts.actions.lock(cohort),
        lambda: answer(application, "reach", "Ring me", by=partner),
        lambda: answering.save_about_person(applicant=mine, by=partner, name="X", phone="", time_zone="Europe/London"),
        lambda: starting.change_kind(application=application, to=SEEKING, by=partner),
        lambda: inviting.invite_partner(application=application, by=partner, name="X", email="x@example.test"),
        lambda: inviting.name_partner(application=application, by=partner, name="X", phone="01632 960 001"),
        lambda: assisting.let_help(applicant=mine, by=partner, helper_email=helper.email),
        lambda: sending.take_back(applicant=mine, by=partner),
    ):
        with pytest.raises((CohortArchived, ApplicationsClosed)):
            act()
