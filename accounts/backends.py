"""Who is signed in, as each request finds out."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import RoleAssignment, User


class RolesAtOnce(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which fetches a person together with their live roles: every page asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        live = RoleAssignment.objects.filter(user=OuterRef("pk"), revoked_at=None).values("role")
        user = User.objects.annotate(roles_now=ArraySubquery(live)).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.known_roles = frozenset(user.roles_now)
        return user
