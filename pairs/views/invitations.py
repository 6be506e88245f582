"""The way in for the person invited. The link works until it is answered; looking at it changes nothing.

A page with a form answers `Referrer-Policy: strict-origin` and not `no-referrer`: under the latter browsers send
`Origin: null`, and the form would be refused as forged. Neither lets the address with its token out of the page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import AlreadyHasAccount, person_with
from accounts.models import User
from accounts.permissions import current_user
from cohorts.forms import PlainForm
from cohorts.zones import zone_choices
from pairs import actions
from pairs.exceptions import AlreadyInAPair, InvitationClosed, NotYourInvitation, SideTaken
from pairs.forms import SUGGESTED_WORDS, NameForm, SignInForm, WordForm, ZoneForm
from pairs.limits import has_tried_too_often
from pairs.models import Invitation, Membership

STEPS = {
    "name": gettext_lazy("Your name"),
    "sign_in": gettext_lazy("How you sign in"),
    "word": gettext_lazy("The word for you"),
    "zone": gettext_lazy("Your time zone"),
}
ORDER = list(STEPS)
SESSION_KEY = "invitation_answers"

Step = Callable[[HttpRequest, Invitation, str], HttpResponse]


def behind_link(view: Step) -> Callable[..., HttpResponse]:
    """Let somebody with an open invitation's link through; anybody else gets a page that says what to do."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        invitation = actions.find_invitation(token=token)
        if invitation is None:
            if has_tried_too_often(request):
                return render(request, "429.html", status=429)
            return render(request, "pairs/invitation_unknown.html", status=404)
        user = request.user
        if isinstance(user, User) and person_with(invitation.email) != user:
            return render(request, "pairs/invitation_foreign.html", status=403)
        if invitation.state == Invitation.State.ACCEPTED and invitation.accepted_by_id == user.pk:
            return redirect("portal:pair_detail", pair_id=invitation.pair_id)
        why = closed_because(invitation)
        if why:
            context = {"why": why, "programme": invitation.pair.cohort.programme}
            return render(request, "pairs/invitation_closed.html", context, status=410)
        return view(request, invitation, token)

    @wraps(view)
    def letter(request: HttpRequest, token: str) -> HttpResponse:
        response = guarded(request, token=token)
        is_plain = request.user.is_anonymous and b"<form" not in response.content
        response.headers["Referrer-Policy"] = "no-referrer" if is_plain else "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return cast(Callable[..., HttpResponse], never_cache(login_not_required(letter)))


def closed_because(invitation: Invitation) -> str:
    """Why this link opens nothing any more: accepted, withdrawn, expired or closed; empty while it does."""
    if invitation.state != Invitation.State.SENT:
        return invitation.state
    if invitation.pair.has_ended:
        return Invitation.State.WITHDRAWN
    if invitation.has_expired(timezone.now()):
        return "expired"
    return "" if invitation.pair.cohort.takes_pairs else "closed"


def masked(email: str) -> str:
    """An address its owner knows again and nobody else learns: `d•••@example.org`."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"


def partner_as_invited(invitation: Invitation) -> str:
    """The partner's name as staff wrote it in the newest invitation to the other side; often empty."""
    others = invitation.pair.invitations.exclude(side=invitation.side).exclude(state=Invitation.State.WITHDRAWN)
    newest = others.order_by("-pk").first()
    return newest.name if newest else ""


def about(invitation: Invitation, token: str) -> dict[str, Any]:
    cohort = invitation.pair.cohort
    return {
        "invitation": invitation,
        "token": token,
        "pair": invitation.pair,
        "cohort": cohort,
        "programme": cohort.programme,
        "partner_name": partner_as_invited(invitation),
        "address": masked(invitation.email),
        "is_partner": invitation.side == Membership.Side.PARTNER,
    }


@require_safe
@behind_link
def invitation(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Who invites, to what, with whom; then on to the questions, to sign-in, or to a yes."""
    has_account = person_with(invitation.email) is not None
    return render(request, "pairs/invitation.html", about(invitation, token) | {"has_account": has_account})


# ---- Somebody new: one question a page, kept in the session until the yes ----


def answers(request: HttpRequest, invitation: Invitation) -> dict[str, str]:
    stored = request.session.get(SESSION_KEY, {})
    return dict(stored.get(str(invitation.pk), {}))


def keep_answers(request: HttpRequest, invitation: Invitation, given: dict[str, str]) -> None:
    request.session[SESSION_KEY] = {str(invitation.pk): answers(request, invitation) | given}


def first_open_step(given: dict[str, str]) -> str | None:
    """The first question not answered yet, or None when all are."""
    asked = {"name": "name", "sign_in": "way", "word": "called", "zone": "time_zone"}
    return next((step for step in ORDER if asked[step] not in given), None)


def step_form(request: HttpRequest, invitation: Invitation, step: str) -> PlainForm:
    given = answers(request, invitation)
    data = request.POST if request.method == "POST" else None
    is_partner = invitation.side == Membership.Side.PARTNER
    if step == "name":
        return NameForm(data, initial={"name": given.get("name", invitation.name)})
    if step == "sign_in":
        return SignInForm(data, email=invitation.email, name=given.get("name", ""), initial=given)
    if step == "word":
        return WordForm(data, is_partner=is_partner, initial=given)
    return ZoneForm(data, initial={"time_zone": given.get("time_zone", invitation.pair.cohort.time_zone)})


def question(step: str) -> Callable[..., HttpResponse]:
    """The page of one question."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @behind_link
    def page(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
        if request.user.is_authenticated or person_with(invitation.email):
            return redirect("pairs:invitation", token=token)
        form = step_form(request, invitation, step)
        if request.method == "POST" and form.is_valid():
            keep_answers(request, invitation, storable(form.cleaned_data))
            is_change = "change" in request.GET
            onward = first_open_step(answers(request, invitation)) if is_change else next_step(step)
            return redirect(f"pairs:invitation_{onward or 'check'}", token=token)
        number = ORDER.index(step) + 1
        context = about(invitation, token) | {
            "form": form,
            "heading": STEPS[step],
            "number": number,
            "steps": len(STEPS),
        }
        context["words"] = SUGGESTED_WORDS if context["is_partner"] else ()
        context["back"] = reverse(
            f"pairs:invitation_{ORDER[number - 2]}" if number > 1 else "pairs:invitation", args=[token]
        )
        return render(request, "pairs/invitation_question.html", context)

    return page


def storable(cleaned: dict[str, Any]) -> dict[str, str]:
    """Answers as the session keeps them: of a password only its hash, and none when a code was chosen."""
    kept = {name: str(value) for name, value in cleaned.items() if name != "password"}
    if "way" in kept:
        uses_password = kept["way"] == SignInForm.PASSWORD
        kept["password_hash"] = make_password(cleaned["password"]) if uses_password else ""
    return kept


def next_step(step: str) -> str:
    place = ORDER.index(step) + 1
    return ORDER[place] if place < len(STEPS) else "check"


invitation_name = question("name")
invitation_sign_in = question("sign_in")
invitation_word = question("word")
invitation_zone = question("zone")


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def invitation_check(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Check your answers; the button makes the account, joins the pair and signs in."""
    given = answers(request, invitation)
    missing = first_open_step(given)
    if missing or request.user.is_authenticated:
        return redirect(
            "pairs:invitation" if request.user.is_authenticated else f"pairs:invitation_{missing}", token=token
        )
    if request.method == "POST":
        try:
            membership = actions.join_as_newcomer(
                invitation=invitation,
                name=given["name"],
                called=given["called"],
                time_zone=given["time_zone"],
                password_hash=given["password_hash"],
            )
        except (AlreadyHasAccount, InvitationClosed):
            return redirect("pairs:invitation", token=token)
        except (AlreadyInAPair, SideTaken):
            context = {"why": "closed", "programme": invitation.pair.cohort.programme}
            return render(request, "pairs/invitation_closed.html", context, status=410)
        request.session.pop(SESSION_KEY, None)
        response = enter(request, membership)
        list(messages.get_messages(request))  # read here, so that the welcome stands alone
        welcome(request, membership)
        return response
    zone = dict(zone_choices()).get(given["time_zone"], given["time_zone"])
    return render(request, "pairs/invitation_check.html", about(invitation, token) | {"given": given, "zone": zone})


def enter(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Sign the new person in by allauth's own way, so that every stage it has holds here too."""
    home = reverse("portal:pair_detail", kwargs={"pair_id": membership.pair_id})
    user = membership.participant.user
    return cast(HttpResponse, perform_login(request, user, redirect_url=home, email=user.email))


def welcome(request: HttpRequest, membership: Membership) -> None:
    messages.success(
        request, _("Welcome, %(name)s. This is your pair’s page.") % {"name": membership.participant.user.name}
    )


# ---- Somebody with an account: a yes, signed in with the address it was sent to ----


@require_safe
@never_cache
def invitations_waiting(request: HttpRequest) -> HttpResponse:
    """The open invitations to the reader's own address; sign-in with it comes first, so no link is needed."""
    user = current_user(request)
    mine = Invitation.objects.open(timezone.now()).filter(email=user.email, pair__ended_at=None)
    waiting = [
        {"invitation": one, "partner_name": partner_as_invited(one)}
        for one in mine.select_related("pair__cohort__programme", "invited_by")
        if one.pair.cohort.takes_pairs
    ]
    return render(request, "pairs/invitations_waiting.html", {"waiting": waiting})


@require_POST
@never_cache
def invitation_accept(request: HttpRequest, invitation_id: int) -> HttpResponse:
    user = current_user(request)
    invitation = get_object_or_404(
        Invitation.objects.select_related("pair__cohort"), pk=invitation_id, email=user.email
    )
    try:
        membership = actions.accept_invitation(invitation=invitation, by=user)
    except (InvitationClosed, NotYourInvitation):
        messages.warning(request, _("That invitation can no longer be accepted. Ask the programme team for a new one."))
    except (AlreadyInAPair, SideTaken):
        messages.warning(
            request, _("You are in a pair of this cohort already. Ask the programme team if that is wrong.")
        )
    else:
        welcome(request, membership)
        return redirect("portal:pair_detail", pair_id=membership.pair_id)
    return redirect("pairs:invitations_waiting")
