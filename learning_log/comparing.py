"""Two texts of one entry beside each other, question by question. No query, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from django.utils import formats
from django.utils.translation import gettext as _

from learning_log.actions import EntryText
from learning_log.differences import Part, difference
from learning_log.models import Entry


@dataclass(frozen=True)
class Compared:
    """One field of an entry in both texts. `name` is its name in EntryForm, `label` what its writer calls it."""

    name: str
    label: str
    before: str
    after: str

    @property
    def has_changed(self) -> bool:
        return self.before != self.after

    @property
    def parts(self) -> list[Part]:
        return difference(self.before, self.after)

    @property
    def words_changed(self) -> int:
        """Words taken out or put in; a word that stands for another counts once."""
        if not self.has_changed:
            return 0
        runs = groupby(self.parts, key=lambda part: part.kind == "same")
        return sum(_words_in(list(parts)) for is_same, parts in runs if not is_same)


def compare(
    before: EntryText, after: EntryText, questions: Sequence[str], sessions: Mapping[int, str]
) -> list[Compared]:
    """Every field of both texts, the answers first. `questions` are the entry's, `sessions` names by id."""
    answers = zip_longest(before.answers, after.answers, fillvalue="")
    asked = [
        Compared(f"answer_{number}", questions[number] if number < len(questions) else _("Your words"), *pair)
        for number, pair in enumerate(answers)
    ]
    named, named_after = _filed(before, sessions), _filed(after, sessions)
    return asked + [Compared(name, label, words, named_after[name][1]) for name, (label, words) in named.items()]


def _filed(text: EntryText, sessions: Mapping[int, str]) -> dict[str, tuple[str, str]]:
    """What stands beside the answers, by the name of its field: its label and its words."""
    return {
        "title": (_("Title"), text.title),
        "next_step": (_("Next step"), text.next_step),
        "next_step_on": (_("By when"), formats.date_format(text.next_step_on) if text.next_step_on else ""),
        "happened_on": (_("When it happened"), formats.date_format(text.happened_on)),
        "approaches": (_("Which of the five"), ", ".join(str(Entry.Theme(name).label) for name in text.approaches)),
        "tags": (_("Your own words to find it by"), ", ".join(text.tags)),
        "session": (_("Session"), sessions.get(text.session_id, "") if text.session_id else ""),
    }


def _words_in(run: Sequence[Part]) -> int:
    """The larger of the words that went and those that came, in one changed stretch."""
    gone = sum(len(part.text.split()) for part in run if part.kind == "gone")
    new = sum(len(part.text.split()) for part in run if part.kind == "new")
    return max(gone, new)
