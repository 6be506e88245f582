"""Answering by mail: write, look at the mail itself, send that very mail."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import returning
from accounts.permissions import current_user
from cohorts.enquiries import days, letters
from cohorts.enquiries.actions import answering
from cohorts.enquiries.exceptions import (
    AnswerChanged,
    AnsweredMeanwhile,
    EnquiryClosed,
    NoAddress,
    StepChanged,
    WrittenBefore,
)
from cohorts.enquiries.forms import AnswerForm, StepForm
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from cohorts.enquiries.views.doors import CLOSED_TEXT, changed_text, form_key, page, step_clash, today, with_enquiry
from cohorts.views.doors import get_and_post


@get_and_post
@with_enquiry
@never_cache
def enquiry_answer(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Write; with POST, see the mail as it will arrive. Nothing is sent from here."""
    form = AnswerForm(request.POST or returning.data(request), today=today(), initial=_begun(request, enquiry))
    if request.method == "POST" and "change" not in request.POST and form.is_valid() and enquiry.email:
        return _look(request, enquiry, form)
    return _write(request, enquiry, form)


@get_and_post
@with_enquiry
@never_cache
def enquiry_answer_send(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Send what was looked at; the form carries its fingerprint, and how many answers there were."""
    sent = request.POST or returning.data(request)
    if sent is None:
        return redirect("cohorts:enquiry_answer", enquiry.pk)
    form = AnswerForm(sent, today=today())
    if request.method != "POST" or not form.is_valid():
        return _write(request, enquiry, form)
    try:
        _send(request, enquiry, form)
    except AnsweredMeanwhile as meanwhile:
        told = _("%(name)s answered while you wrote. Nothing of yours was sent. Read theirs, then decide.")
        form.add_error(None, told % {"name": meanwhile.event.by})
        return _write(request, enquiry, form, theirs=meanwhile.event)
    except WrittenBefore as written:
        told = _("You sent an answer from this page already. What is below was not sent: send it as well if you want.")
        form.add_error(None, told)
        return _write(request, enquiry, form, theirs=written.event)
    except StepChanged as changed:
        messages.success(request, _("Sent."))
        return step_clash(request, enquiry, changed_text(changed))
    except AnswerChanged:
        messages.warning(request, _("Nothing was sent: the mail would not be the one you looked at. Look once more."))
        return _look(request, enquiry, form)
    except NoAddress:
        form.add_error(None, _("There is no email address. Tell them by telephone, and write that down."))
    except EnquiryClosed:
        form.add_error(None, CLOSED_TEXT)
    else:
        messages.success(request, _("Sent."))
        return redirect(enquiry)
    return _write(request, enquiry, form)


def _send(request: HttpRequest, enquiry: Enquiry, form: AnswerForm) -> EnquiryEvent:
    return answering.answer(
        enquiry=enquiry,
        words=form.words,
        step=form.step,
        by=current_user(request),
        digest=request.POST.get("digest", ""),
        seen_answers=_seen(form, enquiry),
        key=form_key(form.data),
    )


def _begun(request: HttpRequest, enquiry: Enquiry) -> dict[str, Any]:
    words = letters.begun(enquiry, current_user(request))
    after = days.working_days_after(today(), days.HEARD_AGAIN_AFTER)
    step = StepForm.starting_with(_("Ask whether that answered it"), after)
    return {"subject": words.subject, "body": words.body} | step


def _answers(enquiry: Enquiry) -> int:
    """How many answers there are, by the number of the last."""
    last = enquiry.events.exclude(answer_number=None).values_list("answer_number", flat=True).first()
    return last or 0


def _seen(form: AnswerForm, enquiry: Enquiry) -> int:
    """How many answers the writer knew of when they began."""
    said = str(form.data.get("seen", ""))
    return int(said) if said.isdecimal() and len(said) < 5 else _answers(enquiry)


def _look(request: HttpRequest, enquiry: Enquiry, form: AnswerForm) -> HttpResponse:
    letter = letters.letter_of(enquiry, form.words)
    seen = _seen(form, enquiry)
    return page(request, "answer_look", enquiry, form=form, letter=letter, seen=seen, key=form_key(form.data))


def _write(
    request: HttpRequest, enquiry: Enquiry, form: AnswerForm, *, theirs: EnquiryEvent | None = None
) -> HttpResponse:
    """The form; beside it what they asked. After a clash what was sent counts as seen, and these are other words."""
    seen = _answers(enquiry) if theirs or not form.is_bound else _seen(form, enquiry)
    key = uuid.uuid4() if theirs else form_key(form.data)
    status = 409 if theirs else 200
    return page(request, "answer", enquiry, form=form, seen=seen, key=key, theirs=theirs, status=status)
