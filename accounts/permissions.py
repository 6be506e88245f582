"""Which doors a role opens. Everything about one object is asked of its queryset's `visible_to`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.models import Role, User

Viewer = User | AnonymousUser
View = Callable[..., HttpResponseBase]


def live_roles(user: AbstractBaseUser | AnonymousUser) -> frozenset[str]:
    """The roles this person holds now; asked of the database once per user object."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    if user.known_roles is None:
        user.known_roles = frozenset(user.role_assignments.filter(revoked_at=None).values_list("role", flat=True))
    return user.known_roles


def has_role(user: AbstractBaseUser | AnonymousUser, *roles: Role) -> bool:
    return not live_roles(user).isdisjoint(roles)


def is_staff_member(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Any live role, or a superuser. `User.is_staff` only opens /admin/."""
    return bool(live_roles(user)) or (isinstance(user, User) and user.is_active and user.is_superuser)


def current_user(request: HttpRequest) -> User:
    """The signed-in person, for views behind the sign-in. Anybody else is refused."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def staff_only(*roles: Role) -> Callable[[View], View]:
    """Admit staff with one of `roles` (any staff member when none is named).

    Others of the staff get 403; everybody else 404, so that nobody can probe for what exists. Sign-in comes first
    (LoginRequiredMiddleware).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_staff_member(request.user):
                raise Http404
            if roles and not has_role(request.user, *roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def recently_proven(view: View) -> View:
    """Ask who it is once more before a sensitive act, unless that was proven within the last minutes.

    allauth keeps the POST meanwhile and goes on with it afterwards.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="")
        return view(request, *args, **kwargs)

    return guarded
