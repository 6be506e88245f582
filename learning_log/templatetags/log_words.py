"""How the words of a log are set."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from accounts.models import User
from config import markdown
from learning_log import audiences, naming
from learning_log.models import Release, Voice

register = template.Library()


@register.filter
def readers_of(release: Release) -> str:
    """Who reads a release: "Nerys Ashdown, your facilitator"."""
    return audiences.who(release)


@register.filter
def called(person: User, side: str = "") -> str:
    """Somebody's name, else the word for their side of the pair."""
    return naming.called(person, side)


@register.filter
def author_called(voice: Voice) -> str:
    """The same for whoever wrote a voice, where a page does not know their side."""
    return naming.author_of(voice)


@register.filter
def last_day(ends_at: datetime, user: Any) -> str:
    """The last day on which something stands, on this person's clock: "31 March 2027"."""
    zone = user.zone if isinstance(user, User) else timezone.get_default_timezone()
    return date_format((ends_at - timedelta(seconds=1)).astimezone(zone), "j F Y")


@register.inclusion_tag("learning_log/components/waiting.html")
def waiting_releases(user: User) -> dict[str, Any]:
    """What the other of the pair has put forward and this person has not decided on: one query, however much."""
    waiting = Release.objects.waiting_for(user).select_related("facilitator", "link", "proposed_by")
    return {"waiting": waiting.order_by("proposed_at", "pk"), "user": user}


@register.filter
def as_prose(words: str) -> SafeString:
    """Somebody's words as safe HTML, with headings below the page's title."""
    return markdown.render(words, top_heading=2)
