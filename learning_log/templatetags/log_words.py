"""How the words of a log are set."""

from django import template
from django.utils.safestring import SafeString

from config import markdown

register = template.Library()


@register.filter
def as_prose(words: str) -> SafeString:
    """Somebody's words as safe HTML, with headings below the page's title."""
    return markdown.render(words, top_heading=2)
