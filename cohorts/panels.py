"""What apps below this one put on a cohort's console page: a registry, because nothing may be imported from below."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from cohorts.models import Cohort


@dataclass(frozen=True)
class Panel:
    """A part of the page: its template, and the context it gets as `panel`. Figures stand under the heading."""

    template: str
    context: dict[str, Any]
    figures: list[tuple[str, str]] = field(default_factory=list)


Builder = Callable[[HttpRequest, Cohort], Panel]

_builders: dict[str, Builder] = {}


def register(name: str, builder: Builder) -> None:
    """`builder(request, cohort)` is asked for each page; its queries count towards the page's."""
    _builders[name] = builder


def panels_for(request: HttpRequest, cohort: Cohort) -> list[Panel]:
    return [builder(request, cohort) for builder in _builders.values()]
