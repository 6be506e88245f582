"""How long something lasts, as people say it."""

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def lasting(minutes: int) -> str:
    """45 → “45 minutes”, 90 → “90 minutes”, 360 → “6 hours”, 150 → “2 hours 30 minutes”."""
    hours, rest = divmod(minutes, 60)
    if hours == 0 or (hours == 1 and rest):
        hours, rest = 0, minutes
    parts = []
    if hours:
        parts.append(ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours})
    if rest or not hours:
        parts.append(ngettext("%(number)d minute", "%(number)d minutes", rest) % {"number": rest})
    return " ".join(parts)
