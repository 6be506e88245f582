"""Who may read what of a learning log. Each docstring is the policy; nobody else of any role reads anything.

Everything rests on `VoiceVersionQuerySet.read_by`: which words of whom this person may read now. Page, list, search,
count, feed, digest, mail, file and copy all start from it, so that they cannot disagree.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import DateField, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Role
from accounts.permissions import Viewer, has_role
from cohorts.models import Participant, StaffAssignment
from pairs.models import Membership, Pair

if TYPE_CHECKING:
    from learning_log.models import (  # noqa: F401  (named as strings in the bases below)
        Attachment,
        Copy,
        Entry,
        ListedName,
        PromptSet,
        Release,
        Response,
        Voice,
        VoiceVersion,
    )


class PromptSetQuerySet(models.QuerySet["PromptSet"]):
    def offered(self) -> Self:
        """The editions that a new entry can begin with."""
        return self.filter(is_offered=True)


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: Viewer) -> Self:
        """Entries this person may read now: those with words they may read, and moments they are asked to tell of.

        Author: always. Partner: once shared with the pair. Others: through a live release whose audience includes them.
        Nobody else, of whatever role; not even that it exists.
        """
        from learning_log.models import VoiceVersion

        read = VoiceVersion.objects.read_by(user).values("voice__entry")
        asked = self.model._default_manager.all().asked_of(user).values("pk")
        return self.filter(Q(pk__in=read) | Q(pk__in=asked))

    def asked_of(self, user: Viewer) -> Self:
        """Joint entries of a pair this person was in when it was asked to tell of them, and still is.

        They see the moment's title and day; the words are each voice's own matter.
        """
        present = Membership.objects.live().of(user).filter(pair=OuterRef("pair"), joined_at__lte=OuterRef("asked_at"))
        return self.filter(Exists(present), is_joint=True)

    def waiting_for(self, user: Viewer) -> Self:
        """Joint entries in which the other asked this person for their side, and they have begun none."""
        from learning_log.models import Voice

        own = Voice.objects.by(user).filter(entry=OuterRef("pk"))
        return self.asked_of(user).exclude(Exists(own))


class VoiceQuerySet(models.QuerySet["Voice"]):
    def by(self, user: Viewer) -> Self:
        """This person's own texts, with everything they are writing now."""
        return self.filter(Q(author_id=user.pk))

    def shared(self) -> Self:
        return self.filter(shared_at__isnull=False)

    def shared_with(self, user: Viewer) -> Self:
        """Others' voices, shared with the pair while this person was in it, as long as they still are.

        In a sealed entry only for somebody who has shared their own side as well. Who takes a place later does not read
        what was shared with somebody else; who has left reads no more. What the two wrote together is a voice of both,
        and is read by those who read each other.
        """
        present = Membership.objects.live().of(user)
        present = present.filter(pair=OuterRef("entry__pair"), joined_at__lte=OuterRef("shared_at"))
        own = self.model._default_manager.all().by(user).shared().filter(entry=OuterRef("entry"))
        others = self.shared().exclude(author_id=user.pk) if user.pk else self.none()
        # By pair first: a few entries of the one pair, found by its index, and not every shared voice there is.
        others = others.filter(entry__pair__in=Membership.objects.live().of(user).values("pair"))
        return others.filter(Exists(present)).filter(Q(entry__is_sealed=False, author__isnull=False) | Exists(own))

    def visible_to(self, user: Viewer) -> Self:
        """Voices of which this person may read words now; which words, `VoiceVersion.objects.read_by` says."""
        from learning_log.models import VoiceVersion

        return self.filter(pk__in=VoiceVersion.objects.read_by(user).values("voice"))


class VoiceVersionQuerySet(models.QuerySet["VoiceVersion"]):
    def read_by(self, user: Viewer) -> Self:
        """The words this person may read now: at most one version of each voice.

        Their own: as they stand, unsaved-by-click included. Of another in their pair: the version shared with the pair.
        Else the version of the newest live release whose audience includes them. Anonymous: released to the public.
        """
        from learning_log.models import Release, ReleasedVersion, Voice

        versions = self.model._default_manager.all()
        own = versions.filter(Q(voice__author_id=user.pk), number=F("voice__version")) if user.pk else versions.none()
        with_pair = Voice.objects.shared_with(user)
        shared = versions.filter(voice__in=with_pair.values("pk"), number=F("voice__shared_version"))
        released = ReleasedVersion.objects.filter(release__in=Release.objects.newest_read_by(user).values("pk"))
        if user.pk:
            released = released.exclude(version__voice__author_id=user.pk)
        released = released.exclude(version__voice__in=with_pair.values("pk"))
        readable = own.values("pk").union(shared.values("pk"), released.values("version"))
        return self.filter(pk__in=readable)

    def history_for(self, user: Viewer) -> Self:
        """Every version of one's own voices, and of what the two wrote together while one reads it. No other's."""
        from learning_log.models import Voice

        together = Voice.objects.shared_with(user).filter(author=None)
        return self.filter(Q(voice__in=Voice.objects.by(user).values("pk")) | Q(voice__in=together.values("pk")))

    def with_moment(self) -> Self:
        """Each with `moment_title` and `moment_on`: a joint entry's own, else what its author called it and when."""
        title: Self = self.annotate(
            moment_on=Coalesce("voice__entry__happened_on", "happened_on", output_field=DateField()),
            moment_title=models.Case(
                models.When(voice__entry__is_joint=True, then=F("voice__entry__title")), default=F("title")
            ),
        )
        return title

    def newest_first(self) -> Self:
        """By the day it happened, then the later entry of one day. Needs `with_moment`."""
        return self.order_by("-moment_on", "-voice__entry_id", "voice_id")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def live(self, at: datetime | None = None) -> Self:
        """Consented to by all it needs, not withdrawn, not over; nobody whose consent it rests on has left the pair.

        Somebody who stays to the end of the programme has not left: their releases stand until their own end.
        """
        from learning_log.models import Consent

        left = Membership.objects.filter(
            pair=OuterRef("release__entry__pair"),
            participant__user=OuterRef("person"),
            end_reason__in=[Membership.EndReason.LEFT, Membership.EndReason.STAFF],
        )
        back = Membership.objects.live().filter(
            pair=OuterRef("release__entry__pair"), participant__user=OuterRef("person")
        )
        void = Consent.objects.filter(
            Q(withdrawn_at__isnull=False) | (Exists(left) & ~Exists(back)), release=OuterRef("pk")
        )
        return self.filter(released_at__isnull=False, ended_at=None, ends_at__gt=at or timezone.now()).exclude(
            Exists(void)
        )

    def read_by(self, user: Viewer) -> Self:
        """Live releases whose audience includes this person. A link's audience is whoever holds it: see `actions`."""
        audience = Q(audience="public")
        if user.pk:
            cohort = OuterRef("entry__pair__cohort")
            leads = StaffAssignment.objects.live().filter(Q(user_id=user.pk), cohort=cohort)
            takes_part = Participant.objects.live().filter(Q(user_id=user.pk), cohort=cohort)
            stayed = Membership.objects.of(user).exclude(
                end_reason__in=[Membership.EndReason.LEFT, Membership.EndReason.STAFF]
            )
            knows = stayed.filter(pair__cohort__programme=OuterRef("entry__pair__cohort__programme"))
            audience |= Q(audience="cohort") & Q(Exists(takes_part))
            audience |= Q(audience="network") & Q(Exists(knows))
            if has_role(user, Role.FACILITATOR):
                audience |= Q(audience="facilitator", facilitator_id=user.pk) & Q(Exists(leads))
                audience |= Q(audience="cohort") & Q(Exists(leads))
        return self.live().filter(audience)

    def newest_read_by(self, user: Viewer) -> Self:
        """Of each entry the newest release this person reads."""
        newest: Self = self.read_by(user).order_by("entry", "-released_at", "-pk").distinct("entry")
        return newest

    def of_member(self, user: Viewer) -> Self:
        """Releases, asked for, live and over, that this person sees as one of the pair.

        Those of entries they have a voice in, and those that wait for, rest on or once had their own consent.
        """
        from learning_log.models import Consent, Voice

        own = Voice.objects.by(user).filter(entry=OuterRef("entry"))
        consented = Consent.objects.filter(Q(person_id=user.pk), release=OuterRef("pk"))
        present = Membership.objects.live().of(user)
        asked = present.filter(pair=OuterRef("entry__pair"), joined_at__lte=OuterRef("proposed_at"))
        return self.filter(Exists(own) | Exists(consented) | (Q(needs_both=True) & Exists(asked)))

    def waiting_for(self, user: Viewer) -> Self:
        """Put forward by the other, and waiting for this person's word."""
        return (
            self.of_member(user)
            .filter(Q(released_at=None, ended_at=None), ends_at__gt=timezone.now())
            .exclude(consents__person_id=user.pk)
        )


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Viewer) -> Self:
        """Responses under an entry this person may read, within the circle they were given in.

        Between the two: whoever was in the pair when it was written. Under a release: those two, and whoever reads that
        release now. A draft, and one that somebody else removed, stays with its author alone.
        """
        from learning_log.models import Entry, Release

        present = Membership.objects.of(user).filter(
            Q(ended_at=None) | Q(ended_at__gte=OuterRef("created_at")),
            pair=OuterRef("entry__pair"),
            joined_at__lte=OuterRef("created_at"),
        )
        own = Q(author_id=user.pk)
        kept = Q(removed_at=None) | (own & ~Q(removed_by_id=user.pk))
        reads = Q(release__in=Release.objects.read_by(user).filter(allows_responses=True).values("pk"))
        circle = own | (Q(sent_at__isnull=False) & (Exists(present) | reads))
        return self.filter(kept, circle, entry__in=Entry.objects.visible_to(user))

    def standing(self) -> Self:
        """Sent and not removed."""
        return self.filter(removed_at=None, sent_at__isnull=False)

    def written_between(self, since: datetime, until: datetime) -> Self:
        return self.filter(sent_at__gte=since, sent_at__lt=until)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Viewer) -> Self:
        """Files of one's own voices, and those in a version that this person may read now."""
        from learning_log.models import VersionAttachment, Voice, VoiceVersion

        readable = VersionAttachment.objects.filter(version__in=VoiceVersion.objects.read_by(user).values("pk"))
        return self.filter(Q(voice__in=Voice.objects.by(user).values("pk")) | Q(pk__in=readable.values("attachment")))


class ListedNameQuerySet(models.QuerySet["ListedName"]):
    def visible_to(self, user: Viewer) -> Self:
        """The list of one's own pair."""
        return self.filter(pair__in=Pair.objects.of_member(user).values("pk"))


class CopyQuerySet(models.QuerySet["Copy"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own, until they expire."""
        return self.filter(Q(owner_id=user.pk), expires_at__gt=timezone.now())
