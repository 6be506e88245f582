"""One application as managers and reviewers read it: what the two propose together, then the two side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from accounts.models import User
from applications import acquainted, board
from applications.acquainted import Known
from applications.board import Filters, Place, Seat
from applications.models import (
    Answer,
    Applicant,
    Application,
    Conflict,
    Criterion,
    Decision,
    Question,
    Review,
    Reviewer,
)


@dataclass(frozen=True)
class Person:
    """One person's part: what anybody reads here, and what only the team does."""

    applicant: Applicant
    answers: list[Answer]
    private: list[Answer]
    hides_name: bool

    @property
    def name(self) -> str:
        return "" if self.hides_name else self.applicant.name


@dataclass(frozen=True)
class Scored:
    """One criterion with what somebody scored against it; None where they have not."""

    criterion: Criterion
    points: int | None


@dataclass(frozen=True)
class ReadReview:
    """Somebody's review with its scores in the order of the criteria."""

    review: Review
    scores: list[Scored]
    is_counted: bool


def applications_read_by(user: User) -> QuerySet[Application]:
    """Applications this person may open here, with what their page needs to know first.

    `barred` lists who should not read it: pk of the conflict, user_id, name and reason. It is for managers.
    """
    reviewing = Reviewer.objects.live().of(user).filter(cohort=OuterRef("cohort"))
    released = Decision.objects.filter(application=OuterRef("pk"), released_at__isnull=False)
    barred = Conflict.objects.filter(application=OuterRef("pk"), ended_at=None).order_by("pk")
    names = Coalesce(NullIf("user__name", Value("")), "user__email")
    each = JSONObject(pk="pk", user_id="user_id", name=names, reason="reason")
    found = Application.objects.read_by(user).select_related("cohort__programme", "started_by", "became")
    return found.annotate(
        is_reviewed=Exists(reviewing),
        is_decided=Exists(released),
        barred=ArraySubquery(barred.values_list(each)),
    )


def seat_before(user: User, application: Application) -> Seat:
    """`application` comes from `applications_read_by`."""
    application.cohort.is_reviewed = getattr(application, "is_reviewed", False)  # type: ignore[attr-defined]
    return board.seat_of(user, application.cohort)


# ---- What was written ----


def people_of(application: Application, answers: Sequence[Answer], *, hides_names: bool) -> list[Person]:
    """Its people as equals: who stands first changes from one application to the next."""
    people = list(application.applicants.live().select_related("user", "helper"))
    people.sort(key=lambda one: one.side, reverse=bool(application.pk % 2))
    found = []
    for person in people:
        own = [answer for answer in answers if answer.applicant_id == person.pk and answer.value not in ("", [], None)]
        private = [answer for answer in own if answer.question.seen_by == Question.SeenBy.TEAM]
        found.append(Person(person, [answer for answer in own if answer not in private], private, hides_names))
    return found


def answers_of(application: Application, user: User) -> list[Answer]:
    """Every answer of it this person may read, in the order of the questions."""
    return list(application.answers.visible_to(user).select_related("question"))


def shared(answers: Iterable[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.applicant_id is None and answer.value not in ("", [], None)]


# ---- Who reviewed it ----


def reviews_of(application: Application, criteria: Sequence[Criterion], user: User) -> list[ReadReview]:
    """The reviews this person may read, their own first. One query."""
    scores = JSONObject(criterion="scores__criterion_id", points="scores__points")
    found = (
        application.reviews.visible_to(user)
        .select_related("user")
        .annotate(
            points=JSONBAgg(scores, filter=Q(scores__isnull=False), default=Value("[]")),
            is_counted=Exists(Review.objects.counted().filter(pk=OuterRef("pk"))),
        )
        .order_by("pk")
    )
    read = [_read(review, criteria) for review in found]
    return sorted(read, key=lambda one: one.review.user_id != user.pk)


def _read(review: Any, criteria: Sequence[Criterion]) -> ReadReview:
    points = {one["criterion"]: one["points"] for one in review.points}
    asked = [one for one in criteria if one.retired_at is None or one.pk in points]
    return ReadReview(review, [Scored(one, points.get(one.pk)) for one in asked], review.is_counted)


def mean_of(reviews: Iterable[ReadReview]) -> float | None:
    """The mean of every score that counts, as the board has it; None without any."""
    points = [
        one.points
        for read in reviews
        if read.is_counted
        for one in read.scores
        if one.points is not None and one.criterion.retired_at is None
    ]
    return sum(points) / len(points) if points else None


# ---- Is it somebody you know? ----


def signs_for(user: User, people: Iterable[Person], answers: Iterable[Answer]) -> list[str]:
    """Why this reviewer may know its people, in sentences; usually none."""
    sponsor = " ".join(str(one.value) for one in answers if one.question.meaning == Question.Meaning.SPONSOR)
    known = [_known(person.applicant) for person in people]
    return acquainted.signs(Known(user.pk, user.name, user.email, user.organisation), known, sponsor)


def _known(applicant: Applicant) -> Known:
    organisation = applicant.user.organisation if applicant.user else ""
    return Known(applicant.user_id, applicant.name, applicant.email, organisation)


# ---- Beside it on the board ----


def neighbours(seat: Seat, filters: Filters, application: Application) -> dict[str, str]:
    """References of the previous and the next within the filters, where there are any. One query, or two by a score."""
    at = _place(seat, filters, application)
    if at is None:
        return {}
    rows = board.with_key(board.matching(seat, filters), seat, filters)
    downward = board.is_downward(filters)
    beside = {"next": downward, "previous": not downward}
    found = {
        which: Subquery(board.beyond(rows, at, downward=way).values("reference")[:1]) for which, way in beside.items()
    }
    both: dict[str, str | None] = Application.objects.filter(pk=application.pk).values(**found).get()  # type: ignore[assignment]
    return {which: reference for which, reference in both.items() if reference}


def _place(seat: Seat, filters: Filters, application: Application) -> Place | None:
    """Where it stands, whether or not it still fits the filters: what was handed in is no longer to do."""
    if filters.sort in {"newest", "oldest"}:
        key: Any = application.started_at if filters.state == Application.State.DRAFT else application.sent_at
    else:
        own = Application.objects.filter(pk=application.pk)
        key = board.with_key(own, seat, filters).values_list("key", flat=True).first()  # type: ignore[misc]
    return None if key is None else Place(key, application.pk)
