"""What templates need to look right: icons, and times in the reader's zone."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django import template
from django.forms import BaseForm, BooleanField, BoundField, ChoiceField, Field, MultiWidget
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

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
def nav_current(request: HttpRequest | None, *prefixes: str) -> SafeString:
    """` aria-current="page"` when the page's address begins with one of `prefixes`."""
    path = getattr(request, "path", "")
    return SafeString(' aria-current="page"' if path.startswith(prefixes) else "")


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
        problems += [Problem(str(text), _first_control(field)) for field in one for text in errors_of(field)]
    return problems


@register.filter
def errors_of(field: BoundField) -> list[str]:
    """What is wrong with `field`, in words that say how to put it right.

    Django's "This field is required." names no field and helps nobody at the top of a page: it becomes an
    instruction with the field's own label. A form's own message for `required` stands as it is.
    """
    bare = str(Field.default_error_messages["required"])
    return [_fill_in(field) if str(text) == bare else str(text) for text in field.errors]


def _fill_in(field: BoundField) -> str:
    if isinstance(field.field, BooleanField):
        return gettext("Tick “%(label)s”") % {"label": field.label}
    if isinstance(field.field, ChoiceField):
        return gettext("Choose an answer to “%(label)s”") % {"label": field.label}
    return gettext("Fill in “%(label)s”") % {"label": field.label}


def _first_control(field: BoundField) -> str:
    """The id a summary links to: the first box of a group, or the field itself (`id_for_label` names it or nothing)."""
    return (
        field.subwidgets[0].id_for_label or field.auto_id if _is_group(field) else field.id_for_label or field.auto_id
    )


def _is_group(field: BoundField) -> bool:
    return field.use_fieldset and bool(field.subwidgets) and not isinstance(field.field.widget, MultiWidget)
