"""How a time zone is named on screen."""

from django import template

register = template.Library()


@register.filter
def zone_place(time_zone: str) -> str:
    """`Europe/London` → `London`."""
    return time_zone.rpartition("/")[2].replace("_", " ")
