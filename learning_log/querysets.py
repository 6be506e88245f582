"""Who may read what of a learning log. Each docstring is the policy; nobody else of any role reads anything.

Everything rests on `VoiceVersionQuerySet.read_by`: which words of whom this person may read now. Page, list, search,
count, feed, digest, mail, file and copy all start from it, so that they cannot disagree.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, DateField, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.permissions import Viewer
from cohorts.models import Cohort
from learning_log.readers import reader_of
from pairs.models import Membership

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


class _Ids(ArraySubquery):
    empty_result_set_value = NotImplemented  # nothing can be found: the condition is false, and not unknown


class _OneOf(Func):
    """A field = ANY (ARRAY (a query for ids)): found once, and looked up by index however the rest is planned."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def _one_of(field: str, ids: models.QuerySet[Any]) -> Q:
    return Q(_OneOf(F(field), _Ids(ids)))


# Which entries a question is about: their ids, or a query for them. None: all there are.
Among = Collection[int] | models.QuerySet[Any] | None


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: Viewer, among: Among = None) -> Self:
        """Entries this person may read now: those with words they may read, and moments they are asked to tell of.

        Author: always. Partner: once shared with the pair. Others: through a live release whose audience includes them.
        Nobody else, of whatever role; not even that it exists.
        """
        from learning_log.models import VoiceVersion

        read = VoiceVersion.objects.read_by(user, among).values("voice__entry")
        asked = self.model._default_manager.all().asked_of(user).values("pk")
        found = self.filter(_one_of("pk", read) | _one_of("pk", asked))
        return found if among is None else found.filter(pk__in=among)

    def in_log_of(self, user: Viewer) -> Self:
        """Where somebody's log can be: entries of their pairs, with words of theirs, or opened to them.

        Stories, which are there for everybody, are not. This narrows; what they may read of it, `read_by` says.
        """
        from learning_log.models import Release, Voice

        entries = self.model._default_manager.all()
        of_pair = entries.filter(pair__in=reader_of(user).pairs).values("pk")
        own = Voice.objects.by(user).values("entry")
        opened = Release.objects.opened_to(user).order_by().values("entry")
        return self.filter(_one_of("pk", of_pair.union(own, opened)))

    def asked_of(self, user: Viewer) -> Self:
        """Joint entries of a pair this person was in when it was asked to tell of them, and still is.

        They see the moment's title and day; the words are each voice's own matter.
        """
        return self.filter(reader_of(user).present_when("pair", "asked_at"), is_joint=True)

    def waiting_for(self, user: Viewer) -> Self:
        """Joint entries in which the other asked this person for their side, and they have begun none."""
        from learning_log.models import Voice

        own = Voice.objects.by(user).filter(entry=OuterRef("pk"))
        return self.asked_of(user).exclude(Exists(own))


class VoiceQuerySet(models.QuerySet["Voice"]):
    def by(self, user: Viewer) -> Self:
        """This person's own texts, with everything they are writing now."""
        return self.filter(Q(author_id=user.pk)) if user.pk else self.none()

    def shared(self) -> Self:
        return self.filter(shared_at__isnull=False)

    def shared_with(self, user: Viewer) -> Self:
        """Others' voices, shared with the pair while this person was in it, as long as they still are.

        In a sealed entry only for somebody who has shared their own side as well. Who takes a place later does not read
        what was shared with somebody else; who has left reads no more. What the two wrote together is a voice of both,
        and is read by those who read each other.
        """
        others = self.exclude(author_id=user.pk) if user.pk else self.none()
        return others.filter(_shared_with(user))


def _shared_with(user: Viewer, voice: str = "") -> Q:
    """The condition of `VoiceQuerySet.shared_with`, of rows that reach a voice by the lookup `voice`."""
    from learning_log.models import Voice

    own = Voice.objects.by(user).shared().values("entry")
    open_to_both = Q((f"{voice}entry__is_sealed", False), (f"{voice}author__isnull", False))
    present = reader_of(user).present_when(f"{voice}entry__pair", f"{voice}shared_at")
    return present & (open_to_both | _one_of(f"{voice}entry", own))


class VoiceVersionQuerySet(models.QuerySet["VoiceVersion"]):
    def read_by(self, user: Viewer, among: Among = None) -> Self:
        """The words this person may read now: at most one version of each voice.

        Their own: as they stand, unsaved-by-click included. Of another in their pair: the version shared with the pair.
        Else the version of the newest live release whose audience includes them. Anonymous: released to the public.
        """
        from learning_log.models import Release, ReleasedVersion

        releases = Release.objects.all() if among is None else Release.objects.filter(entry__in=among)
        released = ReleasedVersion.objects.filter(_one_of("release", releases.newest_read_by(user).values("pk")))
        if user.pk:
            released = released.exclude(version__voice__author_id=user.pk).exclude(
                _shared_with(user, "version__voice__")
            )
        own, shared = self._in_pair_of(user, among)
        return self.filter(_one_of("pk", own.union(shared, released.values("version"))))

    def in_pair_of(self, user: Viewer, among: Among = None) -> Self:
        """Of `read_by` what is their own or shared with them by their partner: what belongs to their pair."""
        own, shared = self._in_pair_of(user, among)
        return self.filter(_one_of("pk", own.union(shared)))

    def _in_pair_of(self, user: Viewer, among: Among) -> tuple[models.QuerySet[Any], models.QuerySet[Any]]:
        """The ids of one's own versions, and of those of others shared with one."""
        versions = self.model._default_manager.all()
        if among is not None:
            versions = versions.filter(voice__entry__in=among)
        if user.pk is None:
            return versions.none().values("pk"), versions.none().values("pk")
        own = versions.filter(Q(voice__author_id=user.pk), number=F("voice__version"))
        others = versions.exclude(voice__author_id=user.pk).filter(number=F("voice__shared_version"))
        return own.values("pk"), others.filter(_shared_with(user, "voice__")).values("pk")

    def history_for(self, user: Viewer) -> Self:
        """Every version of one's own voices, and of what the two wrote together while one reads it. No other's."""
        from learning_log.models import Voice

        together = Voice.objects.shared_with(user).filter(author=None)
        return self.filter(_one_of("voice", Voice.objects.by(user).values("pk").union(together.values("pk"))))

    def with_moment(self, reader: Viewer | None = None) -> Self:
        """Each with `moment_title` and `moment_on`: a joint entry's own, else what its author called it and when.

        A `reader` who is not one of the two gets those a joint entry was released to them under: how the two name it
        since is theirs.
        """
        from learning_log.models import Release

        joint = Q(voice__entry__is_joint=True)
        outside = Q(pk__in=()) if reader is None else joint & _not_of_the_two(reader)
        released = Release.objects.read_by(reader or AnonymousUser()).filter(entry=OuterRef("voice__entry"))
        named = released.order_by("-released_at", "-pk")
        found: Self = self.annotate(
            moment_on=models.Case(
                models.When(outside, then=Coalesce(Subquery(named.values("happened_on")[:1]), "happened_on")),
                default=Coalesce("voice__entry__happened_on", "happened_on"),
                output_field=DateField(),
            ),
            moment_title=models.Case(
                models.When(outside, then=Coalesce(Subquery(named.values("title")[:1]), Value(""))),
                models.When(joint, then=F("voice__entry__title")),
                default=F("title"),
            ),
        )
        return found

    def newest_first(self) -> Self:
        """By the day it happened, then the later entry of one day. Needs `with_moment`."""
        return self.order_by("-moment_on", "-voice__entry_id", "voice_id")


def _not_of_the_two(user: Viewer) -> Q:
    """Of versions: those of entries that this person is not asked to tell of, and has no voice in."""
    from learning_log.models import Voice

    asked = reader_of(user).present_when("voice__entry__pair", "voice__entry__asked_at")
    return ~asked & ~Q(Exists(Voice.objects.by(user).filter(entry=OuterRef("voice__entry"))))


def _named(user: Viewer) -> Q:
    """Of releases: those for somebody in particular, a cohort or a programme, where this person is one of them."""
    reader = reader_of(user)
    of_programme = Cohort.objects.filter(programme__in=reader.programmes).order_by().values("pk")
    return (
        Q(audience="cohort", cohort__in=reader.cohorts | reader.led)
        | Q(_one_of("cohort", of_programme), audience="network")
        | Q(audience="facilitator", facilitator_id=user.pk, cohort__in=reader.led)
    )


class ReleaseQuerySet(models.QuerySet["Release"]):
    def live(self, at: datetime | None = None) -> Self:
        """Consented to by all it needs, not withdrawn, not over; nobody whose consent it rests on has left the pair.

        Somebody who stays to the end of the programme has not left: their releases stand until their own end.
        """
        from learning_log.models import Consent

        in_pair = Membership.objects.filter(
            pair=OuterRef(OuterRef("entry__pair")), participant__user=OuterRef("person")
        )
        left = in_pair.filter(end_reason__in=[Membership.EndReason.LEFT, Membership.EndReason.STAFF])
        gone = Exists(left) & ~Exists(in_pair.live())
        void = Consent.objects.filter(Q(withdrawn_at__isnull=False) | gone, release=OuterRef("pk"))
        standing = self.filter(released_at__isnull=False, ended_at=None, ends_at__gt=at or timezone.now())
        return standing.exclude(Exists(void))

    def read_by(self, user: Viewer) -> Self:
        """Live releases whose audience includes this person. A link's audience is whoever holds it: see `actions`."""
        return self.live().filter(Q(audience="public") | _named(user))

    def opened_to(self, user: Viewer) -> Self:
        """Of `read_by` those whose audience names them: all but what is there for everybody."""
        return self.live().filter(_named(user))

    def newest_read_by(self, user: Viewer) -> Self:
        """Of each entry the newest release this person reads."""
        newest: Self = self.read_by(user).order_by("entry", "-released_at", "-pk").distinct("entry")
        return newest

    def of_member(self, user: Viewer) -> Self:
        """Releases, asked for, live and over, that this person sees as one of the pair.

        Those of entries they have a voice in, and those that wait for, rest on or once had their own consent.
        """
        from learning_log.models import Consent, Voice

        releases = self.model._default_manager.all().order_by()
        own = releases.filter(entry__in=Voice.objects.by(user).values("entry")).values("pk")
        consented = Consent.objects.filter(Q(person_id=user.pk)).order_by().values("release")
        asked = releases.filter(reader_of(user).present_when("entry__pair", "proposed_at"), needs_both=True)
        return self.filter(_one_of("pk", own.union(consented, asked.values("pk"))))

    def waiting_for(self, user: Viewer) -> Self:
        """Put forward by the other, and waiting for this person's word."""
        return (
            self.of_member(user)
            .filter(Q(released_at=None, ended_at=None), ends_at__gt=timezone.now())
            .exclude(consents__person_id=user.pk)
        )


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Viewer, among: Among = None) -> Self:
        """Responses under an entry this person may read, within the circle they were given in.

        Between the two: whoever was in the pair when it was written, and in a sealed entry has finished their own side.
        Under a release: those two, and whoever reads that release now. A draft, and one that somebody else removed,
        stays with its author alone.
        """
        from learning_log.models import Entry, Release, Voice

        finished = Voice.objects.by(user).shared().values("entry")
        present = reader_of(user).was_present_when("entry__pair", "created_at")
        present &= Q(entry__is_sealed=False) | _one_of("entry", finished)
        own = Q(author_id=user.pk)
        kept = Q(removed_at=None) | (own & ~Q(removed_by_id=user.pk))
        reads = Release.objects.read_by(user).filter(allows_responses=True).order_by().values("pk")
        circle = own | (Q(sent_at__isnull=False) & (present | _one_of("release", reads)))
        entries = Entry.objects.visible_to(user, among).values("pk")
        return self.filter(kept, circle, _one_of("entry", entries))

    def standing(self) -> Self:
        """Sent and not removed."""
        return self.filter(removed_at=None, sent_at__isnull=False)

    def written_between(self, since: datetime, until: datetime) -> Self:
        return self.filter(sent_at__gte=since, sent_at__lt=until)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Viewer, among: Among = None) -> Self:
        """Files of one's own voices, and those in a version that this person may read now."""
        from learning_log.models import VersionAttachment, Voice, VoiceVersion

        readable = VersionAttachment.objects.filter(version__in=VoiceVersion.objects.read_by(user, among).values("pk"))
        own = Voice.objects.by(user).values("pk")
        return self.filter(Q(voice__in=own) | _one_of("pk", readable.values("attachment")))


class ListedNameQuerySet(models.QuerySet["ListedName"]):
    def visible_to(self, user: Viewer) -> Self:
        """What was listed while one was in the pair: who takes a place later does not learn whom it was about."""
        return self.filter(reader_of(user).was_present_when("pair", "listed_at"))


class CopyQuerySet(models.QuerySet["Copy"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own, until they expire."""
        return self.filter(Q(owner_id=user.pk), expires_at__gt=timezone.now())
