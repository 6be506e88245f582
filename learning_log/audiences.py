"""Who can read an entry now, in sentences a page can say; and who would, for each step on the way out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cohorts.models import Participant, StaffAssignment
from learning_log import naming, permissions
from learning_log.models import Entry, Release, Voice, VoiceVersion
from learning_log.pages import ReadEntry
from pairs.models import Membership


@dataclass(frozen=True)
class Audience:
    """The truth about one entry for one reader. `releases` are live, `waiting` are put forward and not agreed to.

    Whoever has words of their own in it is told who reads those: `is_shared` is about them, whatever the other shared.
    `authors` are those whose words the reader reads, by name.
    """

    others: Sequence[Membership]
    is_shared: bool
    is_own: bool
    is_member: bool = True
    is_asked: bool = False
    is_joint: bool = False
    is_sealed: bool = False
    has_newer_words: bool = False
    authors: Sequence[str] = field(default_factory=tuple)
    releases: Sequence[Release] = field(default_factory=tuple)
    waiting: Sequence[Release] = field(default_factory=tuple)

    @property
    def is_outsider(self) -> bool:
        """Reads a release and is not one of the pair."""
        return not self.is_own and not self.is_member

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """The steps of the strip, from the writer outwards, and whether each can read it."""
        reached = {release.audience for release in self.releases}
        return [
            (_("Only me") if self.is_own else _("The writer"), True),
            (_("The two of us"), self.is_shared and not self.is_sealed),
            (_("Our facilitator"), Release.Audience.FACILITATOR in reached),
            (_("Our cohort"), Release.Audience.COHORT in reached),
            (_("Past pairs too"), Release.Audience.NETWORK in reached),
            (_("By a link"), Release.Audience.LINK in reached),
            (_("Anyone"), Release.Audience.PUBLIC in reached),
        ]


def of(user: User, found: ReadEntry) -> Audience:
    """The audience of an entry as `user`, who may read it, is told of it.

    Outsiders learn of no release but the ones they read; a partner, of an entry not shared with the pair, likewise.
    """
    entry, own = found.entry, found.own
    members = list(Membership.objects.live().filter(pair_id=entry.pair_id).select_related("participant__user"))
    is_member = any(member.user.pk == user.pk for member in members)
    releases = list(_standing(user, found))
    others_read = any(version.voice.author_id not in (user.pk, None) for version in found.versions)
    others = [member for member in members if member.user.pk != user.pk]
    is_shared = _is_with_pair(own, others) if own else any(_is_with_pair(version, others) for version in found.versions)
    return Audience(
        others=others if is_member or own else [],
        is_shared=is_shared,
        is_own=own is not None,
        is_member=is_member and (own is not None or is_shared or entry.is_joint),
        is_asked=own is None and entry.is_joint and is_member,
        is_joint=entry.is_joint,
        is_sealed=entry.is_sealed and is_shared and not others_read,
        has_newer_words=own is not None and own.voice.has_newer_words,
        authors=[naming.author_of(version.voice) for version in found.versions if version.voice.author],
        releases=[release for release in releases if release.released_at],
        waiting=[release for release in releases if not release.released_at],
    )


def _standing(user: User, found: ReadEntry) -> Iterable[Release]:
    """Releases of an entry that stand now, those that wait first seen by the pair alone."""
    entry, now = found.entry, timezone.now()
    asked = Release.objects.filter(entry=entry, ended_at=None, released_at=None, ends_at__gt=now)
    mine = asked.filter(pk__in=Release.objects.of_member(user).values("pk"))
    live = Release.objects.live(now).filter(entry=entry)
    if found.own is None:
        live = live.filter(pk__in=Release.objects.read_by(user).values("pk"))
    both = Release.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=live.values("pk")))
    return both.select_related("facilitator", "link").order_by("-released_at", "-pk")


def _is_with_pair(version: VoiceVersion, others: Sequence[Membership]) -> bool:
    """A voice the pair reads: whoever has come into it since does not. With nobody else in it, one it would read."""
    shared_at = version.voice.shared_at
    return shared_at is not None and (not others or any(shared_at >= member.joined_at for member in others))


def resting_on(voice: Voice) -> list[Release]:
    """Releases that hold this voice and are live, or wait for a yes: they end when it is taken back."""
    standing = Release.objects.filter(ended_at=None, ends_at__gt=timezone.now(), versions__version__voice=voice)
    return list(standing.distinct().select_related("facilitator", "link").order_by("pk"))


def who(release: Release) -> str:
    """The readers of a release, as a phrase: "Nerys Ashdown, your facilitator"."""
    audience = Release.Audience(release.audience)
    if audience == Release.Audience.LINK and release.link.recipient:
        return _("%(name)s, by a link") % {"name": release.link.recipient}
    return name_of(audience, release.facilitator)


def name_of(audience: Release.Audience, facilitator: User | None = None) -> str:
    name = facilitator.name if facilitator else ""
    return {
        Release.Audience.FACILITATOR: _("%(name)s, your facilitator") % {"name": name}
        if name
        else _("your facilitator"),
        Release.Audience.COHORT: _("everybody in your cohort"),
        Release.Audience.NETWORK: _("all pairs of this programme, past and present"),
        Release.Audience.LINK: _("somebody outside, by a link"),
        Release.Audience.PUBLIC: _("everybody, as a story on the public pages"),
    }[audience]


@dataclass(frozen=True)
class Step:
    """One audience that can be chosen: its name in the address, what it is called, and who exactly that is."""

    audience: Release.Audience
    title: str
    people: str
    facilitator: User | None = None

    @property
    def readers(self) -> str:
        return name_of(self.audience, self.facilitator)

    @property
    def query(self) -> str:
        chosen = f"&who={self.facilitator.pk}" if self.facilitator else ""
        return f"?to={self.audience}{chosen}"


def steps_beyond(entry: Entry) -> list[Step]:
    """Whom an entry of this pair can be opened to, nearest first."""
    cohort = entry.pair.cohort_id
    people = Participant.objects.live().filter(cohort=cohort).count()
    leading = StaffAssignment.objects.live().filter(cohort=cohort).count()
    facilitators = [
        Step(
            Release.Audience.FACILITATOR,
            user.name or _("Your facilitator"),
            _("Your facilitator. Nobody else of the staff."),
            user,
        )
        for user in permissions.facilitators_of(entry.pair)
    ]
    in_cohort = ngettext("%d person in pairs", "%d people in pairs", people) % people
    led_by = ngettext("%d facilitator", "%d facilitators", leading) % leading
    return [
        *facilitators,
        Step(
            Release.Audience.COHORT,
            _("Your cohort"),
            _("%(people)s and %(staff)s.") % {"people": in_cohort, "staff": led_by},
        ),
        Step(
            Release.Audience.NETWORK,
            _("Pairs of this programme, past and present"),
            _("Everybody who stayed in a pair of it to the end, or is in one now."),
        ),
        Step(
            Release.Audience.LINK,
            _("Somebody outside, by a link"),
            _("One person or group you name. Whoever has the link can open it."),
        ),
        Step(
            Release.Audience.PUBLIC,
            _("Everybody, as a story"),
            _("Anybody on the internet, search engines included. Your names stand beside it."),
        ),
    ]
