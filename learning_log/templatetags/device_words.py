"""What a page that keeps words on the device must know."""

from django import template

from accounts import returning
from accounts.models import User

register = template.Library()


@register.simple_tag
def device_person(user: User) -> str:
    """The opaque name under which this person's words are kept."""
    return returning.writer_of(user)
