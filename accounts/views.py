"""Own settings, the people who are staff, and the ways back for text that was sent too late."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, returning
from accounts.forms import WORDS_FOR_PEOPLE, GrantRoleForm, ProfileForm
from accounts.models import Role, RoleAssignment, User
from accounts.permissions import current_user, recently_proven, staff_only


@dataclass(frozen=True)
class Field:
    """One value of a form that is shown back: everything is sent again, what people wrote or chose is shown."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.rpartition("-")[2].replace("_", " ").capitalize()

    @property
    def is_for_reading(self) -> bool:
        machinery = ("_FORMS", "key", "token", "version", "id")
        return bool(self.value) and not self.value.isdigit() and not self.name.endswith(machinery)


def fields_in(sent: QueryDict) -> list[Field]:
    return [Field(name, str(value)) for name, values in sent.lists() for value in values]


def own_settings(request: HttpRequest) -> HttpResponse:
    """Show and save what the person says about themselves."""
    user = current_user(request)
    stored = User.objects.get(pk=user.pk)  # the form writes into its instance, even when it is refused
    form = ProfileForm(request.POST or returning.data(request), instance=stored)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user=user, by=user, **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form, "words": WORDS_FOR_PEOPLE})


@require_safe
@staff_only(Role.MANAGER)
def staff_people(request: HttpRequest) -> HttpResponse:
    """Who holds which role now."""
    return _people_page(request, GrantRoleForm(returning.data(request)))


@require_POST
@staff_only(Role.MANAGER)
@recently_proven
def grant_role(request: HttpRequest) -> HttpResponseBase:
    form = GrantRoleForm(request.POST)
    if not form.is_valid():
        return _people_page(request, form)
    by = current_user(request)
    user = actions.ensure_user(email=form.cleaned_data["email"], by=by)
    actions.grant_role(user=user, role=form.cleaned_data["role"], by=by)
    role = Role(form.cleaned_data["role"]).label
    messages.success(request, _("%(person)s has the role %(role)s now.") % {"person": user, "role": role})
    return redirect("accounts:staff_people")


@require_POST
@staff_only(Role.MANAGER)
@recently_proven
def revoke_role(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    assignment = get_object_or_404(RoleAssignment.objects.select_related("user"), pk=assignment_id)
    try:
        actions.revoke_role(assignment=assignment, by=current_user(request))
    except actions.AlreadyRevoked:
        messages.info(request, _("That role had ended already."))
    except actions.LastManager:
        messages.error(request, _("This is the last manager. Make somebody else a manager first."))
    else:
        messages.success(request, _("%(person)s no longer has this role.") % {"person": assignment.user})
    return redirect("accounts:staff_people")


def _people_page(request: HttpRequest, form: GrantRoleForm) -> HttpResponse:
    live = RoleAssignment.objects.filter(revoked_at=None).select_related("user", "granted_by")
    assignments = live.order_by("user__name", "user__email", "granted_at")
    return render(request, "accounts/staff_people.html", {"form": form, "assignments": assignments})


@require_safe
def returned(request: HttpRequest) -> HttpResponse:
    """The page in between: what was typed, and one button that sends it."""
    waiting = returning.kept(request)
    if waiting is None:
        raise Http404
    return render(request, "accounts/returned.html", {"path": waiting.path, "fields": fields_in(waiting.fields)})


@require_POST
def drop_returned(request: HttpRequest) -> HttpResponse:
    """The person does not want the text back."""
    returning.forget(request)
    messages.info(request, _("The text is gone."))
    return redirect(settings.LOGIN_REDIRECT_URL)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits, mostly because the person signed in again in another tab.

    Only a form of our own pages gets its text back with a button; what another site sent is never echoed. A script
    that asked for JSON keeps its text itself.
    """
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"state": "stale_token"}, status=HTTPStatus.FORBIDDEN)
    fields = fields_in(returning.fields_of(request)) if _is_from_our_own_page(request) else []
    context = {"path": request.get_full_path(), "fields": fields}
    return render(request, "accounts/csrf_failure.html", context, status=HTTPStatus.FORBIDDEN)


def _is_from_our_own_page(request: HttpRequest) -> bool:
    """Browsers say so in Sec-Fetch-Site or Origin, which a page of another site can't forge."""
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
