"""How an enquiry is spoken of on screen: its days, its state, and the lines of its history."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.enquiries import days
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from notifications.models import LedgerRow

register = template.Library()

Verb = EnquiryEvent.Verb
Mail = LedgerRow.State


@register.filter
def days_away(day: date, today: date) -> str:
    """“3 days late”, “today”, “in 4 days”."""
    return days.in_words(day, today)


@register.filter
def office_day(moment: datetime) -> str:
    """The day of an instant where enquiries are answered."""
    return date_format(days.today_at(moment), "j F Y")


@register.filter
def is_late(enquiry: Enquiry, today: date) -> bool:
    return enquiry.is_overdue(today)


@register.filter
def step_look(enquiry: Enquiry, today: date) -> tuple[str, str]:
    """How its next step stands out, and with which icon: late, for today, or later."""
    if enquiry.next_step_on is None or enquiry.next_step_on > today:
        return "quiet", "calendar"
    return ("refused", "warning") if enquiry.next_step_on < today else ("held", "clock")


@register.filter
def told(event: EnquiryEvent) -> str:
    """What happened, after the name of whoever did it."""
    if event.verb == Verb.HANDED:
        return _("took it over") if event.to_id == event.by_id else _("handed it to %(name)s") % {"name": event.to}
    if event.verb == Verb.CALLED:
        return _("wrote down a call")  # perhaps nobody answered
    if event.verb == Verb.CLOSED:
        return _("closed it: %(outcome)s") % {"outcome": str(event.get_outcome_display()).lower()}
    return event.get_verb_display()


@register.filter
def mail_words(row: LedgerRow | None) -> str:
    """What became of an answer's mail."""
    if row is None:
        return ""
    if row.state in {Mail.QUEUED, Mail.CLAIMED, Mail.SUBMITTING}:
        return _("The mail is on its way.")
    return {
        Mail.SENT: _("The mail was sent."),
        Mail.UNCERTAIN: _("The mail may not have arrived. The outbox has it."),
        Mail.FAILED: _("The mail could not be delivered. Ring them, or use another address."),
    }.get(Mail(row.state), _("The mail was not sent."))


@register.filter
def needs_somebody(row: LedgerRow | None) -> bool:
    return row is not None and row.state in {Mail.UNCERTAIN, Mail.FAILED, Mail.SKIPPED, Mail.VOID}
