"""What this app knows to be missing before a cohort's next step."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort
from cohorts.steps import Look, Missing, Step
from notifications.models import LedgerRow

State = Cohort.State


def counts(cohort: Cohort, at: datetime) -> dict[str, QuerySet[Any]]:
    today = at.astimezone(cohort.zone).date()
    planned = cohort.sessions.planned()
    queued = LedgerRow.objects.filter(state=LedgerRow.State.QUEUED, kind__startswith="cohorts.session")
    mail = queued.annotate(session=Cast(KT("ids__session"), BigIntegerField()))
    return {
        "planned": planned,
        "to_come": planned.filter(held_on__gte=today),
        "past": planned.filter(held_on__lt=today),
        "facilitators": cohort.staff_assignments.live(),
        "mail": mail.filter(session__in=planned.values("pk")),
    }


def lines(step: Step) -> Iterator[Missing]:
    if step.to == State.OPEN:
        yield from _last_day_to_apply(step)
        if step.before == State.DRAFT:
            yield from _what_the_programme_says(step)
            yield from _sessions_before_opening(step)
    elif step.to == State.SELECTING:
        yield from _still_applying(step)
    elif step.to == State.RUNNING:
        yield from _before_the_start(step)
    elif step.to == State.ENDED:
        yield from _before_the_end(step)
    elif step.counts["mail"]:
        yield _mail_that_waits(step)


look = Look(counts, lines)


def _last_day_to_apply(step: Step) -> Iterator[Missing]:
    path = reverse("cohorts:staff_applying", args=[step.cohort.slug])
    last = step.cohort.apply_by
    if last is None:
        words = _("No last day to apply is set. People can apply until you say that you are choosing.")
        yield Missing(words, _("Set the last day"), path)
    elif last < step.today:
        words = _("The last day to apply, %(day)s, has passed, so nobody could apply.") % {"day": _day(last)}
        yield Missing(words, _("Set a later day"), path, must=True)
    elif last >= step.cohort.starts_on:
        words = _("People can apply until %(last)s, and the first day is %(first)s.")
        days = {"last": _day(last), "first": _day(step.cohort.starts_on)}
        yield Missing(words % days, _("Look at the days"), path)


def _what_the_programme_says(step: Step) -> Iterator[Missing]:
    programme = step.cohort.programme
    path = reverse("cohorts:staff_programme_edit", args=[programme.slug])
    if not (programme.contact_phone or programme.contact_email):
        words = _("People who want to ask something can neither ring nor write.")
        yield Missing(words, _("Add a telephone number or an email address"), path, must=True)
    elif not programme.contact_phone:
        words = _("The public page has no telephone number. Many people would rather ring.")
        yield Missing(words, _("Add a telephone number"), path)
    if not programme.who_for:
        yield Missing(_("Nobody is told who the programme is for."), _("Say who it is for"), path)
    if not programme.led_by:
        yield Missing(_("Nobody is told who leads the programme."), _("Say who leads it"), path)
    if not programme.paid_for:
        yield Missing(_("Nobody is told what is paid for."), _("Say what is paid for"), path)


def _sessions_before_opening(step: Step) -> Iterator[Missing]:
    past = step.counts["past"]
    if past:
        words = ngettext("%(n)s session lies in the past.", "%(n)s sessions lie in the past.", past) % {"n": past}
        yield Missing(words, _("Look at the sessions"), _cohort_page(step, "sessions"))
    if not step.counts["planned"]:
        yield _no_session(step)
    if step.cohort.starts_on < step.today:
        words = _("The first day, %(day)s, has passed.") % {"day": _day(step.cohort.starts_on)}
        yield Missing(words, _("Change the first day"), reverse("cohorts:staff_edit", args=[step.cohort.slug]))


def _still_applying(step: Step) -> Iterator[Missing]:
    last = step.cohort.apply_by
    if last and last >= step.today:
        words = _("People were told that they can apply until %(day)s.") % {"day": _day(last)}
        yield Missing(words, _("Change the last day"), reverse("cohorts:staff_applying", args=[step.cohort.slug]))


def _before_the_start(step: Step) -> Iterator[Missing]:
    free = step.cohort.places_left
    if free:
        words = ngettext(
            "%(n)s of %(places)s places is still free.", "%(n)s of %(places)s places are still free.", free
        )
        yield Missing(
            words % {"n": free, "places": step.cohort.places}, _("Look at the pairs"), _cohort_page(step, "pairs")
        )
    if not step.counts["to_come"]:
        yield _no_session(step)
    if not step.counts["facilitators"]:
        path = reverse("cohorts:staff_facilitator_new", args=[step.cohort.slug])
        yield Missing(_("No facilitator leads it yet."), _("Add a facilitator"), path)


def _before_the_end(step: Step) -> Iterator[Missing]:
    to_come = step.counts["to_come"]
    if to_come:
        words = ngettext(
            "%(n)s session is still to come. People are reminded of it all the same, unless you cancel it.",
            "%(n)s sessions are still to come. People are reminded of them all the same, unless you cancel them.",
            to_come,
        )
        yield Missing(words % {"n": to_come}, _("Look at the sessions"), _cohort_page(step, "sessions"))
    if step.cohort.ends_on > step.today:
        words = _("The last day, %(day)s, is still to come.") % {"day": _day(step.cohort.ends_on)}
        yield Missing(words, _("Look at the days"), reverse("cohorts:staff_edit", args=[step.cohort.slug]))


def _mail_that_waits(step: Step) -> Missing:
    number = step.counts["mail"]
    words = ngettext(
        "%(n)s message about a session has not gone out yet. It will be stopped.",
        "%(n)s messages about sessions have not gone out yet. They will be stopped.",
        number,
    )
    return Missing(words % {"n": number}, _("Look at the outbox"), reverse("notifications:outbox") + "?state=queued")


def _no_session(step: Step) -> Missing:
    path = reverse("cohorts:staff_session_new", args=[step.cohort.slug])
    return Missing(_("No session is planned."), _("Plan a session"), path)


def _cohort_page(step: Step, part: str) -> str:
    return reverse("cohorts:staff_detail", args=[step.cohort.slug]) + f"#{part}"


def _day(day: Any) -> str:
    return date_format(day, "j F Y")
