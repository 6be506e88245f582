"""The mail about introductions. Until both agree, none of it says who the other is."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from applications.models import Applicant
from config.links import absolute
from notifications.kinds import MailKind, register
from notifications.models import LedgerRow
from pairs.matching.loading import looking_in
from pairs.matching.models import Introduction
from pairs.matching.naming import first_name, reach_of

ARCHIVED = "cohort_archived"


def _introduction(row: LedgerRow) -> Introduction:
    everything = Introduction.objects.with_people().select_related("cohort__programme", "became")
    return everything.get(pk=row.ids["introduction"])


def _shared(row: LedgerRow) -> dict[str, Any]:
    introduction = _introduction(row)
    person = Applicant.objects.get(pk=row.ids["applicant"])
    return {
        "introduction": introduction,
        "person": person,
        "cohort": introduction.cohort,
        "programme": introduction.cohort.programme,
        "link": absolute(reverse("pairs:introduction", args=[introduction.pk])),
    }


def render_over(row: LedgerRow) -> dict[str, Any]:
    context = _shared(row)
    return context | {"still_looks": looking_in(context["cohort"]).filter(pk=context["person"].pk).exists()}


def render_asked(row: LedgerRow) -> dict[str, Any]:
    context = _shared(row)
    answer_by = context["introduction"].answer_by - timedelta(seconds=1)
    return context | {"answer_on": answer_by.astimezone(context["cohort"].zone).date()}


def asked_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    introduction = _introduction(row)
    person = Applicant.objects.get(pk=row.ids["applicant"])
    if introduction.cohort.is_archived:
        return ARCHIVED
    if not introduction.is_waiting:
        return "The introduction is over."
    return "They have answered." if introduction.has_yes_of(person) else None


def render_agreed(row: LedgerRow) -> dict[str, Any]:
    context = _shared(row)
    introduction = context["introduction"]
    other = introduction.other_than(context["person"])
    page = reverse("applications:tasks", args=[introduction.became.reference])
    return context | {
        "other": other,
        "other_first_name": first_name(other),
        "reach": reach_of(other),
        "link": absolute(page),
    }


def agreed_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    introduction = _introduction(row)
    if introduction.cohort.is_archived:
        return ARCHIVED
    return None if introduction.state == Introduction.State.AGREED else "The introduction is over."


def over_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    return ARCHIVED if _introduction(row).cohort.is_archived else None


register(
    MailKind(
        name="pairs.introduction",
        title="Somebody you might like to meet",
        template="mail/pairs/introduction",
        still_wanted=asked_still_wanted,
        render=render_asked,
    )
)
register(
    MailKind(
        name="pairs.introduction_agreed",
        title="You both would like to meet",
        template="mail/pairs/introduction_agreed",
        still_wanted=agreed_still_wanted,
        render=render_agreed,
    )
)
register(
    MailKind(
        name="pairs.introduction_over",
        title="It will not be this time",
        template="mail/pairs/introduction_over",
        still_wanted=over_still_wanted,
        render=render_over,
    )
)
