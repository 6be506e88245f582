"""What the weekly digest says of a log: how many things are new, and where. Never a word of them."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from learning_log.models import Response, Voice
from notifications.digests import DigestSection


def section(user: User, since: datetime, until: datetime) -> DigestSection | None:
    """What others shared or answered in [since, until) and `user` may read as the digest goes out."""
    shared = Voice.objects.shared_with(user).filter(shared_at__gte=since, shared_at__lt=until).count()
    answers = Response.objects.visible_to(user).standing().written_between(since, until).exclude(author=user).count()
    lines = [
        (ngettext("%d entry from your partner", "%d entries from your partner", shared) % shared, shared),
        (ngettext("%d answer from your partner", "%d answers from your partner", answers) % answers, answers),
    ]
    found = [(text, reverse("learning_log:list")) for text, count in lines if count]
    return DigestSection(_("New in your learning log"), found) if found else None
