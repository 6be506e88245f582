"""One enquiry: what they asked, everything since, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.permissions import current_user, has_role
from cohorts.enquiries import traces
from cohorts.enquiries.actions.answering import ANSWER
from cohorts.enquiries.forms import StepForm
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from cohorts.enquiries.views.doors import enquiry_or_404, for_managers, page, today
from notifications.models import LedgerRow


@dataclass(frozen=True)
class Line:
    """One thing of the history; of an answer also what became of its mail."""

    event: EnquiryEvent
    mail: LedgerRow | None


@require_safe
@for_managers
def enquiry_detail(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    enquiry = enquiry_or_404(request, enquiry_id)
    user = current_user(request)
    lines = history_of(enquiry)
    has_owner = enquiry.owner is not None and has_role(enquiry.owner, Role.MANAGER)
    form = None
    if enquiry.is_open and not has_owner and enquiry.next_step_on:
        on = max(enquiry.next_step_on, today())
        form = StepForm(today=today(), initial=StepForm.starting_with(enquiry.next_step, on))
    others = Enquiry.objects.visible_to(user).filter(email=enquiry.email).exclude(pk=enquiry.pk)
    return page(
        request,
        "detail",
        enquiry,
        lines=lines,
        has_owner=has_owner,
        is_mine=enquiry.owner_id == user.pk,
        take_form=form,
        traces=[] if enquiry.is_forgotten else traces.traces_of(enquiry, user),
        others=list(others.order_by("-pk")[:5]) if enquiry.email else [],
    )


def history_of(enquiry: Enquiry) -> list[Line]:
    """Everything that happened, the newest first, in two queries."""
    events: Sequence[EnquiryEvent] = list(enquiry.events.select_related("by", "to"))
    keys = {f"{ANSWER}:{enquiry.pk}:{event.answer_number}": event for event in events if event.is_answer}
    mail = {row.dedupe_key: row for row in LedgerRow.objects.filter(dedupe_key__in=keys)} if keys else {}
    return [Line(event, mail.get(f"{ANSWER}:{enquiry.pk}:{event.answer_number}")) for event in events]
