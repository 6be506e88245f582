"""The map of a cohort as its pages draw it: where it has been and when, and the steps that lead on from there."""

from dataclasses import dataclass, field
from datetime import datetime

from cohorts import stages, steps
from cohorts.models import Cohort
from cohorts.stages import Act


@dataclass(frozen=True)
class Station:
    """One state on the map. `since` is when it was last entered; of a state still to come it is None."""

    state: Cohort.State
    since: datetime | None
    is_now: bool
    is_again: bool


@dataclass(frozen=True)
class NextStep:
    """One step that can be taken from here: what it changes, and what is missing."""

    before: str
    to: Cohort.State
    missing: list[steps.Missing] = field(default_factory=list)
    begins: list[Act] = field(default_factory=list)
    stops: list[Act] = field(default_factory=list)

    @property
    def is_back(self) -> bool:
        """From choosing to applications again."""
        return self.before == Cohort.State.SELECTING and self.to == Cohort.State.OPEN

    @property
    def musts(self) -> list[steps.Missing]:
        return [line for line in self.missing if line.must]

    @property
    def worth_knowing(self) -> list[steps.Missing]:
        return [line for line in self.missing if not line.must]


@dataclass(frozen=True)
class Map:
    """The six states in their order, and what the present one allows and does not."""

    stations: list[Station]
    allowed: list[Act]
    not_allowed: list[Act]


def map_of(cohort: Cohort) -> Map:
    """`cohort` comes from `with_history()`. No query."""
    return Map(_stations_of(cohort), stages.allowed_in(cohort.state), stages.not_allowed_in(cohort.state))


def next_step(cohort: Cohort, *, to: str = "", at: datetime) -> NextStep | None:
    """The step to `to`, or the way on when the map has no such step; None at the map's end. One query."""
    state = to if to in Cohort.NEXT_STATES[cohort.state] else cohort.next_state
    if state is None:
        return None
    return NextStep(
        before=cohort.state,
        to=Cohort.State(state),
        missing=steps.missing_before(cohort, before=cohort.state, to=state, at=at),
        begins=stages.begins(cohort.state, state),
        stops=stages.stops(cohort.state, state),
    )


def _stations_of(cohort: Cohort) -> list[Station]:
    entered: dict[str, list[datetime]] = {Cohort.State.DRAFT: [cohort.created_at]}
    for step in cohort.history:
        entered.setdefault(step["to"], []).append(datetime.fromisoformat(step["at"]))
    here = list(Cohort.State).index(Cohort.State(cohort.state))
    return [
        Station(
            state=state,
            since=entered[state][-1] if place <= here and state in entered else None,
            is_now=place == here,
            is_again=place <= here and len(entered.get(state, [])) > 1,
        )
        for place, state in enumerate(Cohort.State)
    ]
