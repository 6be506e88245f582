"""What a page that keeps words on the device must know."""

from django import template

from accounts.models import User
from learning_log import device

register = template.Library()


@register.simple_tag
def device_person(user: User) -> str:
    """The opaque name under which this person's words are kept."""
    return device.person_of(user)
