"""What templates need to look right: icons, and times in the reader's zone."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, MultiWidget
from django.http import HttpRequest
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


@register.simple_tag
def nav_current(request: HttpRequest | None, prefix: str) -> SafeString:
    """` aria-current="page"` when the page's address begins with `prefix`."""
    path = getattr(request, "path", "")
    return SafeString(' aria-current="page"' if path.startswith(prefix) else "")


@dataclass(frozen=True)
class Problem:
    """One line of the error summary; `target` is the id of the field it links to, empty for the form as a whole."""

    text: str
    target: str


@register.simple_tag
def error_list(form: BaseForm | None, forms: Iterable[BaseForm] | None) -> list[Problem]:
    """Every error of `form` or `forms`, in the order of the fields, each with the id of its first control."""
    problems = []
    for one in forms or ([form] if form else []):
        problems += [Problem(str(text), "") for text in one.non_field_errors()]
        problems += [Problem(str(text), _first_control(field)) for field in one for text in field.errors]
    return problems


def _first_control(field: BoundField) -> str:
    """The id a summary links to: the first box of a group, or the field itself (`id_for_label` names it or nothing)."""
    return (
        field.subwidgets[0].id_for_label or field.auto_id if _is_group(field) else field.id_for_label or field.auto_id
    )


def _is_group(field: BoundField) -> bool:
    return field.use_fieldset and bool(field.subwidgets) and not isinstance(field.field.widget, MultiWidget)
