"""Who may read a comment, and the orders in which comments are paged."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThanOrEqual

from accounts.models import Role
from accounts.permissions import Viewer, has_role

if TYPE_CHECKING:
    from comments.models import Comment  # noqa: F401  (named as strings in the bases below)


class CommentQuerySet(models.QuerySet["Comment"]):
    def published(self) -> Self:
        """Comments the public may read: published ones on a published guide; an answer only while its comment is."""
        return self.filter(Q(parent=None) | Q(parent__state="published"), state="published", guide__state="published")

    def visible_to(self, user: Viewer) -> Self:
        """Comments this person may read now. Everybody: published ones. Moderators: all."""
        return self.all() if has_role(user, Role.MODERATOR) else self.published()

    def held(self) -> Self:
        return self.filter(state="held")

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def published_up_to(self, published_at: datetime, pk: int) -> Self:
        """Those at this place of `newest_first` and after it."""
        return self.filter(TupleLessThanOrEqual((F("published_at"), F("pk")), (published_at, pk)))

    def published_after(self, published_at: datetime, pk: int) -> Self:
        """Those before this place of `newest_first`."""
        return self.filter(TupleGreaterThan((F("published_at"), F("pk")), (published_at, pk)))

    def created_after(self, created_at: datetime, pk: int) -> Self:
        """Those after this place of `oldest_first`."""
        return self.filter(TupleGreaterThan((F("created_at"), F("pk")), (created_at, pk)))
