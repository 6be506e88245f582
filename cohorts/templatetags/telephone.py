"""A telephone number as people write it, as the link that dials it (RFC 3966)."""

import re
import unicodedata

from django import template

register = template.Library()

# What people write between figures. Anything else ends the number: a word, a comma, the stroke before a second number.
_NUMBER = re.compile(r"\+?[\s(]*\d[\d\s().\-\u2010-\u2015]*")
# The 0 that is dialled at home only: "+44 (0)1632", "+44 01632", "+44 (01632)". Elsewhere a first 0 may belong to it.
_HOME_ZERO = re.compile(r"^((?:\+|00)\d{1,3})[\s).\-]*\(0\)|^((?:\+|00)44)[\s().\-]*0")
_EXTENSION = re.compile(r"[\s,;]*(?:extension|extn|ext|x|#)\W{0,3}(\d{1,7})\b", re.I)


@register.filter
def tel(phone: str) -> str:
    """“+44 (0)1632 960 001 ext 4” → “+441632960001;ext=4”, to stand after “tel:”."""
    number = _NUMBER.search(phone)
    if number is None:
        return ""
    digits = re.sub(r"[^\d+]", "", _HOME_ZERO.sub(r"\1\2", number[0]))
    extension = _EXTENSION.match(phone, number.end())
    return _ascii(digits + (f";ext={extension[1]}" if extension else ""))


def _ascii(figures: str) -> str:
    """Figures of any script as those that a telephone knows."""
    return "".join(str(unicodedata.digit(one, one)) for one in figures)
