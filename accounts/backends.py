"""Who is signed in, as each request finds out."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from accounts.models import RoleAssignment, User


class RolesAtOnce(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which fetches a person with their live roles and whether they have a second factor, in one query."""

    def get_user(self, user_id: Any) -> User | None:
        live = RoleAssignment.objects.filter(user=OuterRef("pk"), revoked_at=None).values("role")
        factors = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
        user = User.objects.annotate(roles_now=ArraySubquery(live), factor_now=factors).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.known_roles = frozenset(user.roles_now)
        user.has_second_factor = user.factor_now
        return user
