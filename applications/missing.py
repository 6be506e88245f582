"""What applications know to be missing before a cohort's next step."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Criterion, Decision, Offer, QuestionSet, Reviewer
from cohorts.models import Cohort
from cohorts.steps import Look, Missing, Step

State = Cohort.State


def counts(cohort: Cohort, at: datetime) -> dict[str, QuerySet[Any]]:
    here = Application.objects.filter(cohort=cohort)
    prepared = Decision.objects.filter(application__cohort=cohort, voided_at=None, released_at=None)
    return {
        "questions": QuestionSet.objects.filter(cohort=cohort).exclude(published_at=None),
        "drafts": here.filter(state=Application.State.DRAFT),
        "sent": here.sent(),
        "undecided": here.filter(state=Application.State.SENT),
        "on_reserve": here.on_reserve(),
        "prepared": prepared,
        "offers": Offer.objects.open().filter(cohort=cohort),
        "criteria": Criterion.objects.filter(cohort=cohort, retired_at=None),
        "reviewers": Reviewer.objects.live().filter(cohort=cohort),
    }


def lines(step: Step) -> Iterator[Missing]:
    if step.to == State.OPEN:
        yield from _questions(step)
        if step.before == State.SELECTING:
            yield from _open_again(step)
    elif step.to == State.SELECTING:
        yield from _who_reads(step)
        yield from _not_sent(step)
    elif step.to == State.RUNNING:
        yield from _not_told(step)
        yield from _open_offers(step, _("Saying yes stays possible while the cohort runs."))
    elif step.to == State.ENDED:
        yield from _not_told(step)
        yield from _open_offers(step, _("From then on nobody can say yes."))
    else:
        yield from _not_told(step)


look = Look(counts, lines)


def _questions(step: Step) -> Iterator[Missing]:
    if not step.counts["questions"]:
        words = _("No questions are published, so people would be asked nothing.")
        yield Missing(words, _("Choose the questions"), _path("questions", step), must=True)


def _open_again(step: Step) -> Iterator[Missing]:
    yield from _open_offers(step, _("Saying yes stays possible."))
    number = step.counts["prepared"]
    if number:
        words = ngettext(
            "%(n)s decision is prepared and not released. It stays prepared.",
            "%(n)s decisions are prepared and not released. They stay prepared.",
            number,
        )
        yield Missing(words % {"n": number}, _("Look at the decisions"), _path("decisions", step))
    if step.counts["on_reserve"] and step.cohort.offers_from_reserve:
        words = _("While it is open, a place that comes free is not offered to the reserve list by itself.")
        yield Missing(words, _("Look at the reserve list"), _path("reserve_list", step))


def _who_reads(step: Step) -> Iterator[Missing]:
    if not step.counts["sent"]:
        yield Missing(_("Nobody has sent an application yet."), _("Look at the applications"), _path("board", step))
    if not step.counts["reviewers"]:
        yield Missing(_("Nobody is asked to read the applications."), _("Choose who reads"), _path("reviewers", step))
    if not step.counts["criteria"]:
        words = _("Nothing is chosen to score the proposals against.")
        yield Missing(words, _("Choose the criteria"), _path("criteria", step))


def _not_sent(step: Step) -> Iterator[Missing]:
    number = step.counts["drafts"]
    if number:
        words = ngettext(
            "%(n)s application is begun and not sent. From then on, only one that came by telephone, on paper or of an "
            "introduction can be sent.",
            "%(n)s applications are begun and not sent. From then on, only those that came by telephone, on paper or "
            "of an introduction can be sent.",
            number,
        )
        yield Missing(words % {"n": number}, _("Look at them"), _path("board", step) + "?state=draft")


def _not_told(step: Step) -> Iterator[Missing]:
    """People who wait for a word. Letters that are written and not sent keep a cohort from starting."""
    number = step.counts["prepared"]
    if number:
        words = ngettext(
            "%(n)s decision is prepared and not released: people wait for it.",
            "%(n)s decisions are prepared and not released: people wait for them.",
            number,
        )
        must = step.to == State.RUNNING
        yield Missing(words % {"n": number}, _("Release them or take them back"), _path("decisions", step), must=must)
    number = step.counts["undecided"]
    if number:
        words = ngettext("%(n)s application has had no decision.", "%(n)s applications have had no decision.", number)
        yield Missing(words % {"n": number}, _("Look at them"), _path("board", step) + "?state=sent")
    number = step.counts["on_reserve"]
    if number and step.to != State.RUNNING:
        words = ngettext(
            "%(n)s application is still on the reserve list.",
            "%(n)s applications are still on the reserve list.",
            number,
        )
        yield Missing(words % {"n": number}, _("Look at the reserve list"), _path("reserve_list", step))


def _open_offers(step: Step, then: str) -> Iterator[Missing]:
    number = step.counts["offers"]
    if number:
        words = ngettext("%(n)s offer waits for an answer.", "%(n)s offers wait for an answer.", number)
        yield Missing(f"{words % {'n': number}} {then}", _("Look at the offers"), _path("offers", step))


def _path(page: str, step: Step) -> str:
    return reverse(f"applications:{page}", args=[step.cohort.slug])
