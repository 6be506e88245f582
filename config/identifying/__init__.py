"""Finding what could point to a real person in a text. Pure: no database, no clock, nothing leaves this process.

Everything here only asks the writer and tells the reader; nothing is refused for it. `static/js/identifying.js` is its
twin in the browser: `tests/config/identifying_corpus.json` holds both to the same answers. Every pattern has an upper
bound, so the time is in proportion to the length of the text.

Measured on that corpus (tests/config/test_identifying.py asserts each figure): of 167 harmless lines none raises a
false alarm; of 109 details 106 are found. Missed on purpose: a telephone number without its area code, an address
spelled out in words, and an everyday name that begins its sentence. Of 20,000 each, made at random: ISBN-13, PubMed
ids, DOIs and doses 0; ISBN-10 of English books 17, which look like freephone numbers; ISBN-10 of any language, bare,
without “ISBN” or hyphens, 5,905 (those that begin with 4, 6 or 7 *are* well-formed NHS numbers).
"""

import re
from collections.abc import Iterator, Sequence

from config.identifying.dates import birth_dates
from config.identifying.kinds import Found, Kind, Segment
from config.identifying.names import listed_names
from config.identifying.numbers import is_nhs_number, numbers
from config.identifying.plain import plain

__all__ = ["Found", "Kind", "Segment", "find", "is_nhs_number", "marked"]

_IN_EMAIL = r"A-Za-z0-9_ÿ"
_EMAIL = re.compile(
    rf"[{_IN_EMAIL}.+'-]{{1,64}}(?:@| ?[(\[]at[)\]] ?)(?:[{_IN_EMAIL}-]{{1,63}}\.){{1,4}}[A-Za-zÿ]{{2,24}}",
    re.ASCII | re.IGNORECASE,
)
_AREAS = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|G"
    "|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW"
    "|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC"
    "|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_POSTCODE = re.compile(
    rf"(?<![A-Za-z0-9_/ÿ-])(?:GIR ?0AA|(?:{_AREAS})[0-9][0-9A-HJKMNPR-Y]? {{0,2}}[0-9][ABD-HJLNP-UW-Z]{{2}})"
    r"(?![A-Za-z0-9_/ÿ-])",
    re.ASCII | re.IGNORECASE,
)
# “B12 1st dose”, “Cohort M1 2nd day”, “E3 2hr”.
_ORDINAL_OR_UNIT = re.compile(r"[A-Za-z0-9]{2,3} {1,2}[0-9](?:st|nd|rd|th|hr|yr|lb|ft|pt)", re.ASCII)


def _postcodes(text: str) -> Iterator[tuple[Kind, int, int]]:
    for match in _POSTCODE.finditer(text):
        if not _ORDINAL_OR_UNIT.fullmatch(match[0]):
            yield Kind.POSTCODE, *match.span()


def find(text: str, *, this_year: int, names: Sequence[str] = ()) -> list[Found]:
    """Everything in `text` that looks like a personal detail, in reading order and without overlaps.

    `names` are those that the writer's pair listed, in any case and with or without accents; `this_year` tells a date
    of birth from the date of a meeting. Where two details overlap, the one that begins first is kept, then the longer.
    """
    simple = plain(text)
    found = [(Kind.EMAIL, *match.span()) for match in _EMAIL.finditer(simple)]
    found += [*birth_dates(simple, this_year), *numbers(simple), *_postcodes(simple), *listed_names(text, names)]
    kept: list[Found] = []
    for kind, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
        if not kept or start >= kept[-1].end:
            kept.append(Found(kind, start, end, text[start:end]))
    return kept


def marked(text: str, found: Sequence[Found]) -> list[Segment]:
    """`text` cut at what was found in it, for a template that puts `<mark>` around each segment with a kind.

    The segments joined are `text` again; none is empty.
    """
    segments: list[Segment] = []
    done = 0
    for detail in found:
        segments += [Segment(text[done : detail.start]), Segment(text[detail.start : detail.end], detail.kind)]
        done = detail.end
    return [segment for segment in [*segments, Segment(text[done:])] if segment.text]
