"""What pairs know to be missing before a cohort's next step."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort
from cohorts.steps import Look, Missing, Step
from pairs.matching.models import Introduction
from pairs.models import Invitation

State = Cohort.State


def counts(cohort: Cohort, at: datetime) -> dict[str, QuerySet[Any]]:
    return {
        "invitations": Invitation.objects.waiting().filter(pair__cohort=cohort, pair__ended_at=None),
        "introductions": Introduction.objects.published().filter(cohort=cohort),
    }


def lines(step: Step) -> Iterator[Missing]:
    yield from _introductions(step)
    number = step.counts["invitations"]
    if not number or step.to not in {State.RUNNING, State.ENDED}:
        return
    words = ngettext(
        "%(n)s person has not answered the invitation to a pair.",
        "%(n)s people have not answered the invitation to a pair.",
        number,
    ) % {"n": number}
    if step.to == State.ENDED:
        words = f"{words} {_('The invitation stops working.') if number == 1 else _('The invitations stop working.')}"
    path = reverse("cohorts:staff_detail", args=[step.cohort.slug]) + "#pairs"
    yield Missing(words, _("Look at the pairs"), path)


def _introductions(step: Step) -> Iterator[Missing]:
    number = step.counts["introductions"]
    if not number or step.to != State.RUNNING:
        return
    words = ngettext(
        "%(n)s couple is being asked whether they would like to meet. Once the cohort runs, no pair comes of it.",
        "%(n)s couples are being asked whether they would like to meet. Once the cohort runs, no pair comes of it.",
        number,
    ) % {"n": number}
    yield Missing(words, _("Look at who was asked"), reverse("pairs:matching_asked", args=[step.cohort.slug]))


look = Look(counts, lines)
