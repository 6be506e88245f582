"""How a guide's own words become HTML."""

from django import template
from django.utils.safestring import SafeString

from config.markdown import render

register = template.Library()

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


@register.filter
def markdown(text: str) -> SafeString:
    return render(text)


@register.filter
def edition_words(number: int) -> str:
    """`Second edition` for 2; `Edition 12` for those beyond ten."""
    return f"{ORDINALS[number - 1]} edition" if 0 < number <= len(ORDINALS) else f"Edition {number}"
