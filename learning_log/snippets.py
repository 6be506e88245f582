"""The places in a text where what was asked stands, marked: for a search's results.

Marks only what its caller hands over, which must come from what the reader may read.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from learning_log.finding import by_letters, is_by_letters, last_word

AROUND = 80  # letters before the first mark
LENGTH = 240
MOST_MARKS = 200  # looked at in one text, to choose the best place

_IN_A_WORD = r"[\w\u0300-\u036f]"
_ASKED = re.compile(rf"(?:^|(?<=\s))-?(?:\"[^\"]*\"?|{_IN_A_WORD}[^\s\"]*)")
_WORD = re.compile(rf"{_IN_A_WORD}+")
_MARKDOWN = re.compile(
    r"\[([^\[\]]{0,300})\]\([^()\s]{0,500}\)|(?m:^\s{0,3}(?:#{1,6}|>)[ \t]+)|\*+|`+|(?<!\w)_+|_+(?!\w)"
)


def plain(words: str, most: int | None = None) -> str:
    """A text without its Markdown, in one line."""
    return " ".join(_MARKDOWN.sub(r"\1", words[:most] if most else words).split())


class _Folded(dict[int, str]):
    """Each letter as one small letter without its accent, so that places in a text stay where they are."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        base = unicodedata.normalize("NFKD", letter.lower())
        kept = "".join(one for one in base if not "\u0300" <= one <= "\u036f")
        self[code] = kept if len(kept) == 1 else letter
        return self[code]


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Of the same length as `text`, which should be in NFC."""
    return text.translate(_FOLDED)


@dataclass(frozen=True)
class Hit:
    start: int
    end: int
    word: str


class Marker:
    """What was asked, ready to be found in these texts (which are stemmed in one query)."""

    def __init__(self, asked: str, texts: Iterable[str]) -> None:
        self.by_letters = is_by_letters(asked)
        self.terms = [fold(unicodedata.normalize("NFC", term)) for term in self._terms(asked)]
        self.beginning = "" if self.by_letters else fold(last_word(asked))
        self.stems = {} if self.by_letters else _stems({*self.terms, *_alike(self.terms, texts)})
        self.pattern = self._pattern()
        self.wanted = {self.stems.get(term, term) for term in self.terms}

    def _terms(self, asked: str) -> list[str]:
        if self.by_letters:
            return by_letters(asked)
        wanted = " ".join(part for part in _ASKED.findall(asked) if not part.startswith("-"))
        return [word for word in _WORD.findall(wanted) if word.lower() != "or"]

    def _pattern(self) -> re.Pattern[str] | None:
        if not self.terms:
            return None
        if self.by_letters:
            return re.compile("|".join(re.escape(term) for term in self.terms))
        # A word and its stem share their beginning, but for the last letter ("happy", "happiness": "happi").
        starts = {_beginning(term, self.stems.get(term, term)) for term in self.terms}
        return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(start) for start in starts)}){_IN_A_WORD}*")

    def hits(self, text: str) -> list[Hit]:
        """Where it stands in `text`, from left to right: MOST_MARKS at most."""
        found: list[Hit] = []
        for match in self.pattern.finditer(fold(text)) if self.pattern else ():
            if self._is_meant(match[0]):
                found.append(Hit(match.start(), match.end(), self.stems.get(match[0], match[0])))
                if len(found) == MOST_MARKS:
                    break
        return found

    def _is_meant(self, word: str) -> bool:
        if self.by_letters:
            return True
        begun = bool(self.beginning) and word.startswith(self.beginning)
        return begun or self.stems.get(word, word) in self.wanted

    def snippet(self, text: str) -> SafeString | None:
        """The place in `text` that says most of what was asked, marked and safe; None where nothing of it stands."""
        text = _composed(text)
        hits = self.hits(text)
        if not hits:
            return None
        best = max(hits, key=lambda hit: len(_words_near(hits, hit)))
        start, end = _window(text, best.start)
        return _marked(text, start, end, hits)

    def marked(self, text: str) -> SafeString:
        """All of a short text, marked and safe."""
        text = _composed(text)
        return _marked(text, 0, len(text), self.hits(text))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _stems(words: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(words))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, (ts_lexize('learning_log_stem', word))[1] FROM unnest(%s::text[]) AS word", [wanted]
        )
        return {word: stem or word for word, stem in cursor.fetchall()}


def _alike(terms: Iterable[str], texts: Iterable[str]) -> set[str]:
    """The words in these texts that may have the stem of a term: a word and its stem begin with the same letter."""
    initials = {term[:1] for term in terms}
    words = (word for text in texts for word in _WORD.findall(fold(_composed(text))))
    return {word for word in words if word[:1] in initials}


def _beginning(word: str, stem: str) -> str:
    shared = next(
        (at for at, pair in enumerate(zip(word, stem, strict=False)) if pair[0] != pair[1]), min(len(word), len(stem))
    )
    return word[: max(1, shared - 1)]


def _words_near(hits: Sequence[Hit], first: Hit) -> set[str]:
    return {hit.word for hit in hits if first.start <= hit.start < first.start + LENGTH - AROUND}


def _window(text: str, place: int) -> tuple[int, int]:
    """Whole words around `place`, where there are spaces to go by."""
    start = max(0, place - AROUND)
    end = min(len(text), start + LENGTH)
    if start and (space := text.find(" ", start, place)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", place, end)) > place + AROUND:
        end = space
    return start, end


def _marked(text: str, start: int, end: int, hits: Sequence[Hit]) -> SafeString:
    pieces, place = [], start
    for hit in hits:
        if place <= hit.start and hit.end <= end:
            pieces.append((text[place : hit.start], text[hit.start : hit.end]))
            place = hit.end
    marked = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}{}{}", "… " if start else "", marked, text[place:end], " …" if end < len(text) else "")
