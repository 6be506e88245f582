"""Who may read what of a learning log. Each docstring is the policy; nobody else of any role reads anything."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When

from accounts.permissions import Viewer
from pairs.models import Membership

if TYPE_CHECKING:
    from learning_log.models import Entry, Response, Voice  # noqa: F401  (named as strings in the bases below)


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: Viewer) -> Self:
        """Entries this person may read now: those with a voice they may read.

        Author: always. Partner: once shared with the pair. Nobody else, of whatever role; not even that it exists.
        """
        from learning_log.models import Voice

        own, shared = Voice.objects.by(user), Voice.objects.shared_with(user)
        return self.filter(pk__in=own.values("entry").union(shared.values("entry")))

    def newest_first(self) -> Self:
        """By the day it happened, then the later entry of one day."""
        return self.order_by("-happened_on", "-pk")


class VoiceQuerySet(models.QuerySet["Voice"]):
    def by(self, user: Viewer) -> Self:
        """This person's own texts, with everything they are writing now."""
        return self.filter(Q(author_id=user.pk))

    def shared(self) -> Self:
        return self.filter(shared_at__isnull=False)

    def shared_with(self, user: Viewer) -> Self:
        """Others' voices, shared with the pair while this person was in it, as long as they still are.

        Who takes a place later does not read what was shared with somebody else; who has left reads no more.
        """
        present = Membership.objects.live().of(user)
        present = present.filter(pair=OuterRef("entry__pair"), joined_at__lte=OuterRef("shared_at"))
        return self.shared().exclude(author_id=user.pk).filter(Exists(present))

    def visible_to(self, user: Viewer) -> Self:
        """Voices this person may read now: their own, and those shared with them.

        What they may read of it is `words` (see `with_words`). The body, which holds what the author has written since,
        is not loaded, and asking for it is an error.
        """
        readable = self.by(user).values("pk").union(self.shared_with(user).values("pk"))
        return self.filter(pk__in=readable).defer("body").fetch_mode(models.FETCH_RAISE)

    def with_words(self, user: Viewer) -> Self:
        """Each voice with `words`: one's own as they stand, another's in the version that was shared."""
        from learning_log.models import VoiceVersion

        shared_words = VoiceVersion.objects.filter(voice=OuterRef("pk"), number=OuterRef("shared_version"))
        own = When(author_id=user.pk, then=F("body"))
        words: Self = self.annotate(words=Case(own, default=Subquery(shared_words.values("body"))))
        return words


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Viewer) -> Self:
        """Responses under an entry this person may read, if they were in the pair when it was written.

        One that was removed stays with its author alone, when it was somebody else who removed it.
        """
        from learning_log.models import Entry

        present = Membership.objects.of(user).filter(
            Q(ended_at=None) | Q(ended_at__gte=OuterRef("created_at")),
            pair=OuterRef("entry__pair"),
            joined_at__lte=OuterRef("created_at"),
        )
        own = Q(author_id=user.pk)
        kept = Q(removed_at=None) | (own & ~Q(removed_by_id=user.pk))
        return self.filter(kept, own | Exists(present), entry__in=Entry.objects.visible_to(user))

    def standing(self) -> Self:
        return self.filter(removed_at=None)

    def written_between(self, since: datetime, until: datetime) -> Self:
        return self.filter(created_at__gte=since, created_at__lt=until)
