"""The reserve list as it will be: which number each prepared decision comes to, once all of them are released."""

from bisect import bisect_left

from applications.models import Application, Decision
from applications.models.selection import Verdict
from cohorts.models import Cohort


def numbers_of(cohort: Cohort) -> dict[int, int]:
    """By the id of the decision, as the release puts them on the list (releasing, offering.make_room). Two queries."""
    waiting = Decision.objects.filter(application__cohort=cohort, voided_at=None, released_at=None)
    asked = list(waiting.order_by("reserve_rank", "pk").values_list("pk", "application_id", "verdict", "reserve_rank"))
    on_list = Application.objects.filter(cohort=cohort).on_reserve().values_list("reserve_rank", "pk")
    listed = [(rank or 0, application) for rank, application in on_list]
    decisions = {application: pk for pk, application, verdict, _rank in asked if verdict == Verdict.RESERVE}
    leaving = {application for _pk, application, verdict, _rank in asked if verdict != Verdict.RESERVE}
    for _pk, application, verdict, rank in asked:
        if verdict != Verdict.RESERVE:
            continue
        place = bisect_left(listed, (rank or 1, 0))
        if place < len(listed) and listed[place][0] == (rank or 1):
            listed[place:] = [(one + 1, other) for one, other in listed[place:]]
        listed.insert(place, (rank or 1, application))
    staying = [application for _rank, application in listed if application not in leaving]
    return {decisions[one]: number for number, one in enumerate(staying, start=1) if one in decisions}
