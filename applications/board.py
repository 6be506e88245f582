"""The board: a cohort's applications as managers and reviewers read them, filtered, sorted and paged by the database.

What others scored stays unseen until one's own review is in: not on the row, not in the mean, not in an order.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.db.models.functions import Cast, Coalesce, Lower, Round
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import has_role
from applications.models import Applicant, Application, Conflict, Decision, Offer, Review, Reviewer, Score
from applications.models.selection import Verdict
from applications.querysets import ApplicationQuerySet
from cohorts.models import Cohort

LAST_OF_ALL = "\U0010ffff"  # sorts behind every letter: who looks for a partner has no challenge yet
UNSCORED = -1

MINE = {"todo": _("To do"), "in": _("Handed in"), "cannot": _("I should not read")}
SORTS = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "challenge": _("By challenge, A to Z"),
    "mean": _("Highest mean score first"),
    "fewest": _("Fewest reviews first"),
}


@dataclass(frozen=True)
class Seat:
    """Where somebody sits before one cohort's applications: they run it, review it, or both."""

    user: User
    cohort: Cohort
    runs: bool
    reviews: bool

    @property
    def sees_every_review(self) -> bool:
        """Who reviews hands in their own first; a manager who does not has none to hand in."""
        return self.runs and not self.reviews

    @property
    def sorts(self) -> dict[str, Any]:
        """How many reviews are in is for managers, who see that the work is done; reviewers could read from it."""
        return SORTS if self.runs else {name: label for name, label in SORTS.items() if name != "fewest"}


@dataclass(frozen=True)
class Filters:
    """What the address of the board asks for; anything unknown counts as not asked."""

    state: str = ""
    kind: str = ""
    route: str = ""
    system: str = ""
    verdict: str = ""
    mine: str = ""
    q: str = ""
    sort: str = "newest"
    names: str = ""

    @classmethod
    def of(cls, query: QueryDict, seat: Seat) -> "Filters":
        known: dict[str, Any] = {
            "state": state_choices(seat),
            "kind": Application.Kind.values,
            "route": Application.Route.values,
            "verdict": Verdict.values if seat.runs else (),
            "mine": MINE if seat.reviews else (),
            "sort": seat.sorts,
            "names": ("hidden",) if seat.reviews else (),
        }
        asked = {field.name: query.get(field.name, "").replace("\x00", "").strip()[:200] for field in fields(cls)}
        return cls(**{name: value for name, value in asked.items() if value and value in known.get(name, (value,))})

    @property
    def is_on(self) -> bool:
        return replace(self, sort="newest", names="") != Filters()

    @property
    def hides_names(self) -> bool:
        return self.names == "hidden"

    def address(self, **changed: str) -> str:
        """The query of the board's address with these changes; what is as usual is left out."""
        usual, wanted = Filters(), replace(self, **changed)
        asked = {field.name: getattr(wanted, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in asked.items() if value != getattr(usual, name)})


def cohorts_read_by(user: User) -> QuerySet[Cohort]:
    """Cohorts whose board this person may open. Managers: all. Reviewers: those they are assigned to."""
    mine = Reviewer.objects.live().of(user).filter(cohort=OuterRef("pk"))
    cohorts = Cohort.objects.annotate(is_reviewed=Exists(mine)).select_related("programme")
    if has_role(user, Role.MANAGER):
        return cohorts
    return cohorts.filter(is_reviewed=True) if has_role(user, Role.REVIEWER) else cohorts.none()


def with_offered(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """Adds `offered`: places that are held by an open offer."""
    offers = Offer.objects.open().filter(cohort=OuterRef("pk")).order_by().values("cohort")
    return cohorts.annotate(offered=Coalesce(Subquery(offers.annotate(n=Count("pk")).values("n")), 0))


def seat_of(user: User, cohort: Cohort) -> Seat:
    """`cohort` comes from `cohorts_read_by`."""
    return Seat(user, cohort, has_role(user, Role.MANAGER), bool(getattr(cohort, "is_reviewed", False)))


def state_choices(seat: Seat) -> list[str]:
    """Reviewers read what was sent; that somebody is still writing is for managers, who can help."""
    return [state for state in Application.State.values if seat.runs or state != Application.State.DRAFT]


# ---- Which applications, in which order ----


def readable(seat: Seat) -> ApplicationQuerySet:
    """Every application of the cohort this person may read here, drafts with them for managers."""
    return Application.objects.read_by(seat.user).filter(cohort=seat.cohort)


def barred(seat: Seat) -> ApplicationQuerySet:
    """Applications of which this reviewer said that they should not read them."""
    mine = Conflict.objects.filter(user=seat.user, application=OuterRef("pk"), ended_at=None)
    return Application.objects.sent().filter(Exists(mine), cohort=seat.cohort)


def handed_in(user: User) -> Exists:
    mine = Review.objects.filter(user=user, application=OuterRef("pk"), submitted_at__isnull=False)
    return Exists(mine)


def to_do(user: User) -> Q:
    """Still to be reviewed by this person: a proposal of two, nothing was decided, and theirs is not in."""
    mine = Conflict.objects.filter(user=user, application=OuterRef("pk"), ended_at=None)
    return Q(~handed_in(user), ~Exists(mine), state=Application.State.SENT, kind=Application.Kind.PAIR)


def matching(seat: Seat, filters: Filters) -> ApplicationQuerySet:
    """The applications that fit all filters, in no order. Drafts only when they are asked for."""
    is_cannot = filters.mine == "cannot"
    rows = barred(seat) if is_cannot else readable(seat)
    if filters.state != Application.State.DRAFT:
        rows = rows.sent()
    exact = {"state": filters.state, "kind": filters.kind, "route": filters.route}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.mine == "todo":
        rows = rows.filter(to_do(seat.user))
    elif filters.mine == "in":
        rows = rows.filter(handed_in(seat.user))
    if is_cannot and not seat.runs:
        return rows
    if filters.system:
        rows = rows.filter(local_system__icontains=filters.system)
    if filters.verdict:
        rows = rows.filter(Exists(prepared(OuterRef("pk")).filter(verdict=filters.verdict)))
    return rows.filter(_said(seat, filters)) if filters.q else rows


def _said(seat: Seat, filters: Filters) -> Q:
    """Words looked for in the challenge, the reference and the names; who hides names finds nothing by them."""
    found = Q(challenge__icontains=filters.q) | Q(reference__icontains=filters.q)
    if filters.hides_names:
        return found
    people = Applicant.objects.live().filter(cohort=seat.cohort, name__icontains=filters.q)
    return found | Q(pk__in=people.values("application"))


def prepared(application: OuterRef) -> QuerySet[Decision]:
    """The decision that waits for its release."""
    return Decision.objects.filter(application=application, voided_at=None, released_at=None)


def with_key(rows: ApplicationQuerySet, seat: Seat, filters: Filters) -> QuerySet[Application, Any]:
    """Adds `key`, by which the board is sorted before the id."""
    return rows.annotate(key=_key(seat, filters))


def _key(seat: Seat, filters: Filters) -> Combinable:
    match filters.sort:
        case "challenge":
            empty = When(challenge="", then=Value(LAST_OF_ALL))
            return Case(empty, default=Lower("challenge"), output_field=CharField())
        case "mean":
            return Coalesce(_mean(seat), UNSCORED)
        case "fewest":
            return review_count()
    return F("started_at" if filters.state == Application.State.DRAFT else "sent_at")


def _mean(seat: Seat) -> Combinable:
    """The mean of all that counts, in thousandths; nothing where one's own review is still to come, or of one's own."""
    scores = Score.objects.filter(
        review__in=Review.objects.counted().filter(application=OuterRef(OuterRef("pk"))), criterion__retired_at=None
    )
    by_application = scores.order_by().values("review__application")
    mean = Subquery(
        by_application.annotate(mean=Cast(Round(Avg("points") * 1000), IntegerField())).values("mean"),
        output_field=IntegerField(),
    )
    if seat.sees_every_review:
        own = Exists(Application.objects.not_for(seat.user).filter(pk=OuterRef("pk")))
        return Case(When(own, then=None), default=mean, output_field=IntegerField())
    return Case(When(handed_in(seat.user), then=mean), default=None, output_field=IntegerField())


def review_count() -> Combinable:
    """How many reviews of it count."""
    reviews = Review.objects.counted().filter(application=OuterRef("pk")).order_by().values("application")
    return Coalesce(Subquery(reviews.annotate(n=Count("pk")).values("n")), 0)


def is_downward(filters: Filters) -> bool:
    return filters.sort in {"newest", "mean"}


def beyond(rows: QuerySet[Application, Any], place: "Place", *, downward: bool) -> QuerySet[Application, Any]:
    """Those after `place`, in order."""
    comparison = TupleLessThan if downward else TupleGreaterThan
    rows = rows.filter(comparison((F("key"), F("pk")), (place.key, place.pk)))
    return in_order(rows, downward=downward)


def in_order(rows: QuerySet[Application, Any], *, downward: bool) -> QuerySet[Application, Any]:
    names = ("-key", "-pk") if downward else ("key", "pk")
    return rows.order_by(*names)


# ---- A place on the board ----


@dataclass(frozen=True)
class Place:
    """Where a page ends: the key it is sorted by, and the id."""

    key: Any
    pk: int

    def __str__(self) -> str:
        key = self.key.isoformat() if isinstance(self.key, datetime) else self.key
        return f"{key}~{self.pk}"


def read_place(value: str, filters: Filters) -> Place | None:
    """A place as the address carries it; None for one that cannot be."""
    text, _tilde, number = value.replace("\x00", "").rpartition("~")
    try:
        pk, key = int(number), _key_from(text, filters.sort)
    except (ValueError, OverflowError):
        return None
    return Place(key, pk) if 0 < pk < 2**63 else None


def _key_from(text: str, sort: str) -> Any:
    if sort == "challenge":
        return text
    if sort in {"mean", "fewest"}:
        number = int(text)
        if not -1 <= number < 2**31:
            raise ValueError
        return number
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)  # what cannot be told there is beyond what any row holds
