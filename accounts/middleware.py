"""What stands between a request and a page: how long a session lasts, who must sign in, who needs a second factor."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from accounts import audit, returning
from accounts.models import User
from accounts.permissions import is_staff_member

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SIGNED_IN_AT_KEY = "signed_in_at"
SEEN_AT_KEY = "seen_at"
SEEN_EVERY_SECONDS = 60

OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_logout",
        "healthz",
        "readyz",
    }
)


def signed_in_user(request: HttpRequest) -> User | None:
    """The person behind this request. A visitor's request does not touch the session, so its answer can be shared."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


class SessionLimitsMiddleware:
    """Ends a session that has been idle or open for too long; staff have shorter limits."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = signed_in_user(request)
        if user is not None:
            now = int(time.time())
            if self._is_over(request, user, now):
                self._end(request, user)
            elif now - request.session.get(SEEN_AT_KEY, 0) >= SEEN_EVERY_SECONDS:
                request.session.setdefault(SIGNED_IN_AT_KEY, now)
                request.session[SEEN_AT_KEY] = now
        return self.get_response(request)

    def _is_over(self, request: HttpRequest, user: User, now: int) -> bool:
        idle, absolute = settings.STAFF_SESSION_LIMITS if is_staff_member(user) else settings.SESSION_LIMITS
        seen_at = request.session.get(SEEN_AT_KEY, now)
        signed_in_at = request.session.get(SIGNED_IN_AT_KEY, now)
        return timedelta(seconds=now - seen_at) > idle or timedelta(seconds=now - signed_in_at) > absolute

    def _end(self, request: HttpRequest, user: User) -> None:
        request.session.flush()
        request.user = AnonymousUser()
        returning.remember_owner(request, user.pk)
        audit.record(verb="session.expired", by=user, target=user)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says otherwise; what was typed into a form waits until that is done."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.method == "POST":
            returning.keep(request, get_adapter().get_client_ip(request))  # the sign-in page says so
        return super().handle_no_permission(request, view_func)


class ReturningTextMiddleware:
    """Sees to it that kept text comes back, on its own page if that asks for it, else on a page in between."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if signed_in_user(request) is None or returning.SESSION_KEY not in request.session:
            return response
        waiting = returning.kept(request)
        if waiting is None or waiting.path != request.get_full_path():
            return response
        is_redirect = 300 <= response.status_code < 400
        if request.method == "POST" and is_redirect:
            returning.forget(request)
        elif request.method == "GET" and not is_redirect and not hasattr(request, "_returned_text_was_read"):
            return HttpResponseRedirect(reverse("accounts:returned"))
        return response


class StaffSecondFactorMiddleware:
    """Staff without a second factor reach nothing but the pages on which they add one (not enforced in DEMO)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user = signed_in_user(request)
        if not settings.STAFF_SECOND_FACTOR_REQUIRED or user is None or not is_staff_member(user):
            return None
        if request.resolver_match and request.resolver_match.view_name in OPEN_WITHOUT_SECOND_FACTOR:
            return None
        if user.has_second_factor or is_mfa_enabled(user):
            return None
        messages.info(request, _("Staff sign in with a second step. Please add one to go on."))
        return HttpResponseRedirect(reverse("mfa_index"))


class PrivatePagesMiddleware:
    """What a signed-in person sees is stored nowhere; signing out clears what the browser had cached."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = signed_in_user(request)
        response = self.get_response(request)
        if user is not None:
            patch_cache_control(response, private=True, no_store=True)
            if request.method == "POST" and request.path == reverse("account_logout"):
                response["Clear-Site-Data"] = '"cache"'
                if not request.user.is_authenticated:
                    # A form left open in another tab may still be sent: its words are theirs alone.
                    returning.remember_owner(request, user.pk)
        return response
