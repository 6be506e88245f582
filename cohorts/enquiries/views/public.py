"""Asking a programme something, signed in or not."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import signed_in_user
from cohorts.enquiries import days
from cohorts.enquiries.actions.receiving import is_confirmed, receive
from cohorts.enquiries.forms import ASKED_AS, AskForm
from cohorts.enquiries.limits import LIMITS
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.signs import signs_of
from cohorts.models import Programme
from config.limits import TooMany, network_of
from config.tickets import Ticket, token_is_wrong

SALT = "cohorts.enquiries.thanks"
SHOWN_FOR_SECONDS = 3600


@login_not_required
@csrf_exempt  # checked inside, so that a missing or old token asks again and loses no word
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, at any time. Everything wrong shows the form again with every word in it."""
    ticket = Ticket.read(_purpose(slug), request.POST.get("ticket", ""))
    programme = _programme_or_404(request, slug, ticket)
    if request.method != "POST":
        return _page(request, programme, AskForm(programme=programme, initial=_initial(request)))
    form = AskForm(request.POST, programme=programme)
    if not form.is_valid():
        return _page(request, programme, form, ticket=ticket)
    if ticket is None or token_is_wrong(request):
        return _page(request, programme, form, asks_again=True)
    try:
        enquiry = _receive(request, programme, form, ticket, timezone.now())
    except TooMany as limit:
        return _page(request, programme, form, ticket=ticket, wait_minutes=limit.wait_minutes)
    return redirect("cohorts:ask_thanks", slug=slug, token=signing.dumps(enquiry.pk, salt=SALT))


def _receive(request: HttpRequest, programme: Programme, form: AskForm, ticket: Ticket, at: datetime) -> Enquiry:
    """Raises TooMany; not for a second click, which is the same enquiry."""
    if not Enquiry.objects.filter(form_key=form.asked.key_on(ticket.key)).exists():
        LIMITS.count_one(network=network_of(request), person=form.person)
    typed = form.cleaned_data
    seconds = at.timestamp() - ticket.shown_at
    signs = signs_of(text=typed["text"], hidden_field=typed["hp"], seconds=seconds)
    return receive(
        programme=programme, asked=form.asked, key=ticket.key, user=signed_in_user(request), signs=signs, at=at
    )


@login_not_required
@never_cache
@require_safe
def ask_thanks(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What they sent, who answers and by when: their words for an hour, as the computer may be a shared one."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    enquiries = Enquiry.objects.select_related("programme", "cohort", "user")
    enquiry = get_object_or_404(enquiries, pk=pk, programme__slug=slug)
    is_shown = not enquiry.is_forgotten and _is_fresh(token)
    context = {
        "programme": enquiry.programme,
        "enquiry": enquiry,
        "is_shown": is_shown,
        "is_confirmed": is_shown and bool(enquiry.email) and is_confirmed(enquiry),
        "asked_as": dict(ASKED_AS)[enquiry.kind],
    }
    return render(request, "cohorts/enquiries/thanks.html", context)


def _is_fresh(token: str) -> bool:
    try:
        signing.loads(token, salt=SALT, max_age=SHOWN_FOR_SECONDS)
    except signing.SignatureExpired:
        return False
    return True


def _purpose(slug: str) -> str:
    return f"enquiries:{slug}"


def _programme_or_404(request: HttpRequest, slug: str, ticket: Ticket | None) -> Programme:
    """A programme the reader may see; or one whose form they had before them when they began to write."""
    known = Programme.objects.all() if ticket else Programme.objects.visible_to(request.user)
    return get_object_or_404(known, slug=slug)


def _initial(request: HttpRequest) -> dict[str, str]:
    """Whoever is signed in need not type who they are; a link may say what it is about."""
    user = signed_in_user(request)
    known = {"name": user.name, "email": user.email, "organisation": user.organisation} if user else {}
    return known | {name: request.GET[name] for name in ("kind", "cohort") if name in request.GET}


def _page(
    request: HttpRequest,
    programme: Programme,
    form: AskForm,
    *,
    ticket: Ticket | None = None,
    asks_again: bool = False,
    wait_minutes: int = 0,
) -> HttpResponse:
    context = {
        "programme": programme,
        "form": form,
        "ticket": ticket or Ticket.new(_purpose(programme.slug)),
        "asks_again": asks_again,
        "wait_minutes": wait_minutes,
        "answered_within": days.ANSWERED_WITHIN,
    }
    response = render(request, "cohorts/enquiries/ask.html", context, status=429 if wait_minutes else 200)
    if wait_minutes:
        response["Retry-After"] = str(wait_minutes * 60)
    return response
