"""One page of the board: its rows with what this reader may know of each, and the counts above them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum

from applications import board
from applications.board import Filters, Place, Seat
from applications.models import Applicant, Application, Review
from applications.models.selection import Verdict

PAGE_ROWS = 50
SYSTEMS_OFFERED = 60


@dataclass(frozen=True)
class Row:
    """One application as this reader meets it. `reviews` and `mean` are None where they are not theirs to know yet."""

    application: Application
    people: list[Applicant]
    my_review: str  # "", "begun", "in" or "cannot"
    reviews: int | None
    mean: float | None
    verdict: str
    hides_names: bool

    @property
    def state(self) -> str:
        """In words; `get_state_display` hashes every label of the field each time."""
        return str(Application.State(self.application.state).label)

    @property
    def is_barred(self) -> bool:
        return self.my_review == "cannot"


@dataclass(frozen=True)
class Counts:
    """How many there are in the whole cohort, whatever is filtered."""

    by_state: dict[str, int]
    to_do: int
    handed_in: int

    @property
    def sent(self) -> int:
        return sum(count for state, count in self.by_state.items() if state != Application.State.DRAFT)

    @property
    def drafts(self) -> int:
        return self.by_state.get(Application.State.DRAFT, 0)


@dataclass(frozen=True)
class BoardPage:
    rows: list[Row]
    next_place: str
    found: int
    counts: Counts


def board_page(seat: Seat, filters: Filters, place: Place | None) -> BoardPage:
    """The next PAGE_ROWS after `place`. Five queries, one more with filters, at any depth."""
    matching = board.matching(seat, filters)
    rows, downward = board.with_key(matching, seat, filters), board.is_downward(filters)
    if place is not None:
        rows = board.beyond(rows, place, downward=downward)
    if seat.runs:
        verdict = Subquery(board.prepared(OuterRef("pk")).values("verdict")[:1])
        rows = rows.annotate(review_count=board.review_count(), verdict=verdict)
    found = list(board.in_order(rows, downward=downward)[: PAGE_ROWS + 1])
    shown: list[Any] = found[:PAGE_ROWS]
    next_place = str(Place(shown[-1].key, shown[-1].pk)) if len(found) > len(shown) else ""
    counts = counts_of(seat)
    is_plain = not replace(filters, state="").is_on
    number = (counts.by_state.get(filters.state, 0) if filters.state else counts.sent) if is_plain else matching.count()
    return BoardPage(rows_of(shown, seat, filters), next_place, number, counts)


def rows_of(shown: Sequence[Any], seat: Seat, filters: Filters) -> list[Row]:
    """What is on each row, in two queries. `shown` carries review_count and verdict for whoever runs the cohort."""
    if filters.mine == "cannot" and not seat.runs:
        return [Row(one, [], "cannot", None, None, "", hides_names=True) for one in shown]
    pks = [one.pk for one in shown]
    people: dict[int, list[Applicant]] = defaultdict(list)
    for applicant in Applicant.objects.live().filter(application__in=pks):
        people[applicant.application_id].append(applicant)
    reviews: dict[int, list[Any]] = defaultdict(list)
    for review in _reviews(seat, pks):
        reviews[review.application_id].append(review)
    return [_row(one, people[one.pk], reviews[one.pk], seat, filters) for one in shown]


def _reviews(seat: Seat, pks: list[int]) -> Any:
    live = Q(scores__criterion__retired_at=None)
    return (
        Review.objects.visible_to(seat.user)
        .filter(application__in=pks)
        .annotate(
            is_counted=Exists(Review.objects.counted().filter(pk=OuterRef("pk"))),
            points=Sum("scores__points", filter=live),
            scored=Count("scores", filter=live),
        )
        .order_by()
    )


def _row(one: Any, people: list[Applicant], reviews: list[Any], seat: Seat, filters: Filters) -> Row:
    own = next((review for review in reviews if review.user_id == seat.user.pk), None)
    is_in = own is not None and own.submitted_at is not None
    counted = [review for review in reviews if review.is_counted] if is_in or seat.sees_every_review else []
    scored = sum(review.scored for review in counted)
    mean = sum(review.points or 0 for review in counted) / scored if scored else None
    known = len(counted) if is_in else None
    return Row(
        application=one,
        people=people,
        my_review="" if own is None or not seat.reviews else "in" if is_in else "begun",
        reviews=one.review_count if seat.runs else known,
        mean=mean,
        verdict=str(Verdict(one.verdict).label) if seat.runs and one.verdict else "",
        hides_names=filters.hides_names and not is_in,
    )


def counts_of(seat: Seat) -> Counts:
    """One query."""
    all_of_it = board.readable(seat).filter(Q(sent_at__isnull=False) | Q(state=Application.State.DRAFT))
    wanted: dict[str, Any] = {"number": Count("pk")}
    if seat.reviews:
        wanted |= {
            "to_do": Count("pk", filter=board.to_do(seat.user)),
            "handed_in": Count("pk", filter=Q(board.handed_in(seat.user))),
        }
    found: list[Any] = list(all_of_it.order_by().values("state").annotate(**wanted))
    return Counts(
        {one["state"]: one["number"] for one in found},
        sum(one.get("to_do", 0) for one in found),
        sum(one.get("handed_in", 0) for one in found),
    )


def systems_of(seat: Seat) -> list[str]:
    """The local systems that were named most, to choose from. One query."""
    named = board.readable(seat).exclude(local_system="").order_by().values_list("local_system")
    return [system for system, _n in named.annotate(n=Count("pk")).order_by("-n", "local_system")[:SYSTEMS_OFFERED]]
