"""What the pages of this app share."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import models
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts import returning
from cohorts.marks import mark_of
from cohorts.models import Cohort

get_and_post = require_http_methods(["GET", "HEAD", "POST"])

ARCHIVED_TEXT = gettext_lazy("This cohort is archived. Its records are kept as they are.")


def made_key(request: HttpRequest) -> UUID:
    """The key of the page something is made on, so that one page makes one, however often it is sent.

    It stands in the form, and in the address, so that a page that is loaded anew or come back to is the same page.
    """
    try:
        return UUID(_sent(request).get("made_key") or request.GET.get("made_key", ""))
    except ValueError:
        return uuid4()


def _sent(request: HttpRequest) -> QueryDict:
    return request.POST or returning.data(request) or QueryDict()


def made_before(form: Form, made: models.Model, url: str) -> dict[str, Any]:
    """Say that this page has made something already; what the page needs to show it, and to make another."""
    told = _(
        "“%(name)s” was saved from this page already, and stays as it was. These words are not saved yet. "
        "To put them in its place, open it and change it. To keep both, save again."
    )
    form.add_error(None, told % {"name": made})
    return {"made": made, "made_url": url, "made_key": uuid4()}


def seen_mark(request: HttpRequest, row: object, names: Iterable[str]) -> str:
    """The mark of what the form showed when it was opened (cohorts.marks)."""
    return _sent(request).get("seen") or mark_of(row, names)


def changed_meanwhile(form: Form, row: object, names: Iterable[str]) -> dict[str, Any]:
    """Say that somebody was faster; what the page needs to show what stands now, and to save again knowing it."""
    form.add_error(
        None,
        _("Somebody changed this while you did. What stands now is shown. Save again to put yours in its place."),
    )
    stands = [
        (form.fields[name].label, in_words(row, name))
        for name in names
        if form.cleaned_data.get(name) != getattr(row, name)
    ]
    return {"stands": stands, "seen": mark_of(row, names)}


def in_words(row: object, name: str) -> str:
    """What stands in a field, as it is read."""
    value, display = getattr(row, name), getattr(row, f"get_{name}_display", None)
    if display:
        return str(display())
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value) if value not in (None, "") else _("Nothing")


def told_text(count: int) -> str:
    """How many are told of something by email."""
    if not count:
        return _("Nobody had to be told.")
    said = ngettext("%(count)d person is told by email.", "%(count)d people are told by email.", count)
    return said % {"count": count}


def archived(request: HttpRequest, cohort: Cohort) -> HttpResponse | None:
    """Away from a form that would be refused; whoever sends one that was open keeps their words, and is told there."""
    if request.method == "POST" or not cohort.is_archived:
        return None
    messages.info(request, ARCHIVED_TEXT)
    return redirect("cohorts:staff_detail", slug=cohort.slug)
