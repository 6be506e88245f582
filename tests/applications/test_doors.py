"""Ways in that should be shut, and steps that end in the right place whatever happened meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

import cohorts.actions
from accounts.models import Role
from applications import personal
from applications.actions import assisting, inviting, leaving, reviewing, states
from applications.exceptions import ConflictOfInterest, InvitedTooOften, NotAReviewer
from applications.mail.deciding import reminder_still_wanted
from applications.models import Application, Conflict, Question, QuestionSet, Review
from cohorts.models import Cohort
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import decide, mail, make_offer, make_selecting_cohort
from tests.applications.factories import make_application, make_open_cohort
from tests.learning_log.test_pages import as_
from tests.pairs.factories import walk_to
from tests.pairs.test_matching_introductions import asked_couple, yes

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.mark.parametrize("part", ["one of the two", "a helper of one"])
def test_nobody_reviews_an_application_that_is_their_own(part: str) -> None:
    cohort = make_selecting_cohort()
    reviewer = make_staff(Role.REVIEWER)
    reviewing.assign_reviewer(cohort=cohort, user=reviewer, by=None)
    own = reviewer if part == "one of the two" else make_person()
    application = make_application(cohort, professional=own, partner=make_person())
    if own != reviewer:
        application.applicants.filter(user=own).update(helper=reviewer, helper_agreed_at=timezone.now())
    assert application not in Application.objects.reviewed_by(reviewer)

    assert as_(reviewer).get(f"/staff/applications/{application.reference}/").status_code == 404
    with pytest.raises((NotAReviewer, ConflictOfInterest)):
        reviewing.begin_review(application=application, by=reviewer)
    assert not Review.objects.exists()


def test_what_others_noted_about_somebody_is_forgotten_with_them() -> None:
    cohort, colleague = make_selecting_cohort(), make_staff(Role.REVIEWER)
    application = make_application(cohort, partner=make_person())
    now = timezone.now()
    Review.objects.create(application=application, user=colleague, note="She is ill", saved_at=now, submitted_at=now)
    Conflict.objects.create(
        application=application, user=colleague, reason="My cousin", declared_by=colleague, declared_at=now
    )

    personal.forget(application.applicants.get().user)

    assert (Review.objects.get().note, Conflict.objects.get().reason) == ("", "")


def test_one_draft_invites_no_crowd_whoever_sends_it() -> None:
    application = make_application(make_open_cohort(), professional=make_person(), state=State.DRAFT)
    Application.objects.filter(pk=application.pk).update(kind="pair")
    helper, part = make_person(), application.applicants.get()
    assisting.let_help(applicant=part, by=part.user, helper_email=helper.email)

    for number in range(inviting.INVITATIONS_PER_DAY):
        inviting.invite_partner(application=application, by=helper, name="x", email=f"stranger{number}@example.org")

    with pytest.raises(InvitedTooOften):
        inviting.invite_partner(application=application, by=helper, name="x", email="one.more@example.org")


def test_an_archived_cohort_reminds_nobody_of_an_offer() -> None:
    cohort = make_selecting_cohort()
    make_offer(cohort, make_staff(Role.MANAGER))
    (row, *_others) = mail("offer_reminder")
    assert reminder_still_wanted(row, timezone.now()) is None
    Cohort.objects.filter(pk=cohort.pk).update(state="archived")

    assert reminder_still_wanted(row, timezone.now()) == "cohort_archived"


@pytest.mark.parametrize("junk", ["%00", "%F0%9F%98%80", "a" * 500])
def test_references_that_are_none_are_passed_over(junk: str) -> None:
    manager, cohort = as_(make_staff(Role.MANAGER)), make_selecting_cohort()
    application = make_application(cohort)

    several = manager.get(f"/staff/cohorts/{cohort.slug}/decisions/several/?applications={junk}")

    assert several.status_code == 200
    assert manager.get(f"/staff/applications/{application.reference.lower()}/").status_code == 200


def test_a_first_question_of_ones_own_publishes_nothing_and_doubles_no_meaning() -> None:
    manager = make_staff(Role.MANAGER)
    today = timezone.localdate()
    programme = cohorts.actions.create_programme(by=manager, name="P", charity="C", contact_phone="01632 960 143")
    cohort = cohorts.actions.create_cohort(
        programme=programme, by=manager, name="One", places=2,
        starts_on=today + timedelta(days=90), ends_on=today + timedelta(days=300),
    )  # fmt: skip
    asked = {"text": "Where?", "asked_of": "together", "asked_when": "always", "kind": "short", "seen_by": "team"}
    new = f"/staff/cohorts/{cohort.slug}/questions/new/"

    twice = as_(manager).post(new, asked | {"meaning": "local_system"})
    assert "has this meaning already" in twice.content.decode()
    assert "Where?" in twice.content.decode()
    assert not QuestionSet.objects.exists()

    as_(manager).post(new, asked | {"meaning": ""})
    assert QuestionSet.objects.get().published_at is None
    assert Question.objects.filter(text="Where?").count() == 1


def test_who_stays_when_an_introduced_pair_says_no_can_be_suggested_again() -> None:
    cast, introduction, one, other = asked_couple()
    yes(introduction, one)
    joint = yes(introduction, other).became
    now = timezone.now()
    states.move(application=joint, to=State.SENT, by=one.user, at=now, sent_at=now)
    walk_to(cast.cohort, "selecting")
    joint.refresh_from_db()
    decide(joint, "offer", cast.manager)
    leaving.leave(applicant=joint.applicants.get(user=one.user), by=one.user, seen="offer")
    new = cast.seeker("professional", name="Nia New")

    cast.suggest()

    assert cast.table() == {(new.pk, other.pk)}


def test_a_joint_draft_can_be_left_when_the_other_has_applied_elsewhere_meanwhile() -> None:
    cast, introduction, one, other = asked_couple()
    yes(introduction, one)
    joint = yes(introduction, other).became
    elsewhere = make_application(cast.cohort, partner=other.user, state=State.SENT)

    leaving.leave(applicant=joint.applicants.get(user=one.user), by=one.user, seen=None)

    seeking = {part.pk: Application.objects.get(pk=part.application_id).state for part in (one, other)}
    assert seeking == {one.pk: State.WITHDRAWN, other.pk: State.WITHDRAWN}
    assert Application.objects.get(pk=elsewhere.pk).state == State.SENT
