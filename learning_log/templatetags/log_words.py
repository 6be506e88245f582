"""How the words of a log are set."""

from django import template
from django.utils.safestring import SafeString

from config import markdown

register = template.Library()


@register.filter
def as_prose(words: str) -> SafeString:
    """Somebody's words as safe HTML, with headings below those of the page."""
    return markdown.render(words, top_heading=3)
