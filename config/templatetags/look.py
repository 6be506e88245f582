"""What templates need to look right: icons, and times in the reader's zone."""

import zoneinfo
from datetime import datetime, tzinfo
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, *, turns: bool = False) -> SafeString:
    """A line icon from the sheet; it stands beside a word and says nothing to a screen reader."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        " icon-turns" if turns else "",
        static("img/icons.svg"),
        name,
    )


def _zone_of(whose: Any) -> tzinfo:
    zone = getattr(whose, "zone", None) or whose
    if isinstance(zone, str) and zone:
        return zoneinfo.ZoneInfo(zone)
    return zone if isinstance(zone, tzinfo) else zoneinfo.ZoneInfo("Europe/London")


@register.filter
def local_time(moment: datetime | None, whose: Any = None) -> str:
    """`{{ session.starts|local_time:request.user }}` → "Thursday 26 November 2026, 14:00 (London time)"."""
    if moment is None:
        return ""
    zone = _zone_of(whose)
    local = moment.astimezone(zone)
    place = str(zone).rpartition("/")[2].replace("_", " ")
    return f"{date_format(local, 'l j F Y')}, {local:%H:%M} ({place} time)"
