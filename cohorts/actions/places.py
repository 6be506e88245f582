"""A cohort’s row and the places counted on it."""

from django.db.models import F

from cohorts.exceptions import CohortArchived, NoPlaceLeft
from cohorts.models import Cohort


def lock(cohort: Cohort) -> Cohort:
    """The cohort's row, held until the transaction ends: whatever changes places, pairs or people waits here.

    Raises CohortArchived.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.is_archived:
        raise CohortArchived
    return locked


def take_place(*, cohort: Cohort) -> None:
    """Count one more pair. Call it with the cohort locked. Raises NoPlaceLeft."""
    taken = Cohort.objects.filter(pk=cohort.pk, places_taken__lt=F("places")).update(places_taken=F("places_taken") + 1)
    if not taken:
        raise NoPlaceLeft


def take_places(*, cohort: Cohort, count: int) -> None:
    """Count so many more pairs, or none. Call it with the cohort locked. Raises NoPlaceLeft."""
    room = Cohort.objects.filter(pk=cohort.pk, places_taken__lte=F("places") - count)
    if not room.update(places_taken=F("places_taken") + count):
        raise NoPlaceLeft


def free_place(*, cohort: Cohort) -> None:
    """Count one pair fewer. Call it with the cohort locked."""
    Cohort.objects.filter(pk=cohort.pk).update(places_taken=F("places_taken") - 1)
