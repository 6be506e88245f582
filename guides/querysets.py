"""Who may read a guide."""

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import Role
from accounts.permissions import Viewer, has_role

if TYPE_CHECKING:
    from guides.models import Edition, Guide  # noqa: F401  (named as strings in the bases below)


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> Self:
        """Guides the public may read: those with a published edition."""
        return self.filter(state="published")

    def visible_to(self, user: Viewer) -> Self:
        """Guides this person may read now.

        Everybody: published guides. Programme managers: drafts too. What a draft edition says, managers alone read.
        """
        return self.all() if has_role(user, Role.MANAGER) else self.published()


class EditionQuerySet(models.QuerySet["Edition"]):
    def draft(self) -> Self:
        return self.filter(published_at=None)

    def with_sections(self) -> Self:
        return self.prefetch_related("sections")
