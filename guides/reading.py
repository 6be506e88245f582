"""How long a text takes to read, and the anchors of its headings. No ORM, no clock."""

from collections.abc import Iterable

from django.utils.text import slugify

WORDS_PER_MINUTE = 180
# Ids the guide page uses for itself; a section may not take them.
TAKEN_ANCHORS = frozenset({"main", "comments", "comments-title", "contents-title", "key", "add", "add-title"})


def minutes_to_read(text: str) -> int:
    """Whole minutes, at least one."""
    return max(1, round(len(text.split()) / WORDS_PER_MINUTE))


def anchors(headings: Iterable[str]) -> list[str]:
    """One anchor a heading, in order, all different; `c12` belongs to a comment and the page's own ids to the page."""
    found: list[str] = []
    for number, heading in enumerate(headings, start=1):
        wished = slugify(heading)[:60] or f"part-{number}"
        if wished in TAKEN_ANCHORS or wished.startswith("id_") or (wished[0] == "c" and wished[1:].isdigit()):
            wished = f"part-{wished}"
        anchor, copy = wished, 2
        while anchor in found:
            anchor, copy = f"{wished}-{copy}", copy + 1
        found.append(anchor)
    return found
