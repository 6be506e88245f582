"""Why an action of this app refuses; views turn each into words beside the right field."""

from typing import Any


class CohortsError(Exception):
    """Something the programme's rules do not allow."""


class CohortArchived(CohortsError):
    """Its records are kept as they are; nothing is written to it."""


class StateChanged(CohortsError):
    """Somebody else moved the cohort first, or its map has no such step."""


class NotReady(CohortsError):
    """Something must be put right before this step; the cohort's page lists it (cohorts.steps)."""


class ChangedMeanwhile(CohortsError):
    """Somebody else changed what the form showed; `row` is as it stands now."""

    def __init__(self, row: Any) -> None:
        super().__init__()
        self.row = row


class MadeBefore(CohortsError):
    """`row` was made from this page already, with other words."""

    def __init__(self, row: Any) -> None:
        super().__init__()
        self.row = row


class NoPlaceLeft(CohortsError):
    """Every place of the cohort is taken."""


class PlacesTaken(CohortsError):
    """The cohort cannot have fewer places than are taken."""


class NotAFacilitator(CohortsError):
    """Only somebody with the facilitator role can be assigned to a cohort."""


class AlreadyTakingPart(CohortsError):
    """The person is a live participant of this cohort."""


class NotTakingPart(CohortsError):
    """The part in the cohort is another person's, or has ended."""


class SessionCancelled(CohortsError):
    """A cancelled session stays as it was."""
