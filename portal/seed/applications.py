"""Applications to one open cohort, read by three reviewers."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from accounts.models import Role, RoleAssignment, User
from applications.actions import questions
from applications.models import Applicant, Application, Criterion, Review, Reviewer, Score
from cohorts.models import Cohort, Programme
from portal.seed.programme import people
from portal.seed.rows import BASE, Progress, copy, first_free_id, nothing
from portal.seed.words import sentence

REVIEWERS, CRITERIA, SYSTEMS = 3, 3, 40
SEEKING_IN_TEN = 2
State = Application.State
# Of a hundred, so many in each state.
STATES = {State.SENT: 70, State.RESERVE: 8, State.NOT_THIS_TIME: 10, State.DRAFT: 8, State.WITHDRAWN: 4}


def applications(count: int, batch: str, random: Random, progress: Progress) -> Cohort | None:
    """`count` applications with their people and reviews, in a cohort of their own, which is returned."""
    if not count:
        return None
    cohort = _cohort(batch, count)
    asked = questions.publish_starter(cohort=cohort, by=None, at=BASE)
    applicants = people(2 * count, f"{batch}-applicants", nothing)
    states = random.choices([*STATES], [*STATES.values()], k=count)
    seeking = [random.randrange(10) < SEEKING_IN_TEN for _number in range(count)]
    first = first_free_id(Application)
    rank = 0
    rows = []
    for number, (state, alone) in enumerate(zip(states, seeking, strict=True)):
        at = BASE + timedelta(minutes=random.randrange(60 * 24 * 30))
        rank += state == State.RESERVE
        rows.append(
            (
                first + number,
                cohort.pk,
                asked.pk,
                f"S{first + number:07d}",
                "seeking" if alone else "pair",
                "online",
                "" if alone else sentence(random, 6)[:300],
                f"System {random.randrange(SYSTEMS)}",
                state.value,
                rank if state == State.RESERVE else None,
                applicants[2 * number],
                BASE,
                None if state == State.DRAFT else at,
            )
        )
    names = ["id", "cohort", "question_set", "reference", "kind", "route", "challenge", "local_system", "state"]
    copy(Application, [*names, "reserve_rank", "started_by", "started_at", "sent_at"], rows, progress)
    _applicants(first, cohort, applicants, states, seeking)
    sent = [first + number for number, state in enumerate(states) if state != State.DRAFT]
    _reviews(sent, cohort, batch, random)
    return cohort


def _cohort(batch: str, count: int) -> Cohort:
    programme = Programme.objects.create(
        name=f"Seeded applications {batch}", slug=f"seeded-applications-{batch}", charity="Seed Fund", created_at=BASE
    )
    return Cohort.objects.create(
        programme=programme,
        name=f"Seeded choosing {batch}",
        slug=f"seeded-choosing-{batch}",
        places=min(5_000, max(1, count // 4)),
        starts_on=BASE.date() + timedelta(days=120),
        ends_on=BASE.date() + timedelta(days=420),
        state=Cohort.State.SELECTING,
        created_at=BASE,
    )


def _applicants(first: int, cohort: Cohort, users: range, states: Sequence[State], seeking: Sequence[bool]) -> None:
    addresses = dict(User.objects.filter(pk__in=users).values_list("pk", "email"))
    copy(
        Applicant,
        [
            "application", "cohort", "side", "name", "email", "phone", "time_zone", "user", "is_counted", "token_hash",
            "invited_count", "joined_at", "helper_agreed_how",
        ],
        (
            (first + number, cohort.pk, side, f"Person {user}", addresses[user], "", "Europe/London", user,
             state in Application.COUNTED_STATES, "", 0, BASE, "")
            for number, (state, alone) in enumerate(zip(states, seeking, strict=True))
            for side, user in zip(("professional", "partner"), (users[2 * number], users[2 * number + 1]), strict=True)
            if not alone or side == "partner"
        ),
        nothing,
    )  # fmt: skip


def _reviews(sent: Sequence[int], cohort: Cohort, batch: str, random: Random) -> None:
    """Two of three reviewers each, most of them handed in."""
    users = people(REVIEWERS, f"{batch}-reviewers", nothing)
    for user in users:
        RoleAssignment.objects.create(user_id=user, role=Role.REVIEWER, granted_at=BASE)
        Reviewer.objects.create(cohort=cohort, user_id=user, assigned_at=BASE)
    criteria = Criterion.objects.bulk_create(
        Criterion(cohort=cohort, text=f"Seeded criterion {number}", position=number)
        for number in range(1, CRITERIA + 1)
    )
    first = first_free_id(Review)
    pairs = [(application, user) for application in sent for user in random.sample(users, 2)]
    copy(
        Review,
        ["id", "application", "user", "basis", "note", "version", "saved_at", "submitted_at"],
        (
            (first + number, application, user, "written", "", 1, BASE, BASE if random.random() < 0.8 else None)
            for number, (application, user) in enumerate(pairs)
        ),
        nothing,
    )
    copy(
        Score,
        ["review", "criterion", "points"],
        (
            (first + number, criterion.pk, random.randint(1, 5))
            for number in range(len(pairs))
            for criterion in criteria
        ),
        nothing,
    )
