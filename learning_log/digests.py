"""What the weekly digest says of a log: how many things are new, and where. Never a word of them."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from learning_log.models import Entry, Release, Response, Voice
from notifications.digests import DigestSection


def section(user: User, since: datetime, until: datetime) -> DigestSection | None:
    """What others shared, asked or answered in [since, until) and `user` may read as the digest goes out."""
    lines = [*_from_partner(user, since, until), *_from_elsewhere(user, since, until)]
    found = [(text, reverse("learning_log:list")) for text, count in lines if count]
    return DigestSection(_("New in your learning log"), found) if found else None


def _from_partner(user: User, since: datetime, until: datetime) -> list[tuple[str, int]]:
    shared = Voice.objects.shared_with(user).filter(author__isnull=False, shared_at__gte=since, shared_at__lt=until)
    asked = Entry.objects.waiting_for(user).filter(asked_at__gte=since, asked_at__lt=until)
    proposed = Release.objects.waiting_for(user).filter(proposed_at__gte=since, proposed_at__lt=until)
    entries, moments, releases = shared.count(), asked.count(), proposed.count()
    return [
        (ngettext("%d entry from your partner", "%d entries from your partner", entries) % entries, entries),
        (
            ngettext("%d moment your partner asks you about", "%d moments your partner asks you about", moments)
            % moments,
            moments,
        ),
        (
            ngettext("%d question whether to share something", "%d questions whether to share something", releases)
            % releases,
            releases,
        ),
    ]


def _from_elsewhere(user: User, since: datetime, until: datetime) -> list[tuple[str, int]]:
    answers = (
        Response.objects.visible_to(user, Entry.objects.in_log_of(user).values("pk"))
        .standing()
        .written_between(since, until)
        .exclude(author=user)
    )
    opened = Release.objects.opened_to(user).filter(released_at__gte=since, released_at__lt=until)
    opened = opened.exclude(consents__person=user)
    count, entries = answers.count(), opened.values("entry").distinct().count()
    return [
        (ngettext("%d answer to read", "%d answers to read", count) % count, count),
        (ngettext("%d entry opened to you", "%d entries opened to you", entries) % entries, entries),
    ]
