"""Finding entries again: filters, and a search. Both look only among the words that their reader may read now.

What is asked stands in the address and nowhere else: no term is stored or logged (docs/decisions/0010).
"""

from learning_log.finding.asking import FindForm, MonthForm, address, chips
from learning_log.finding.filtering import fitting
from learning_log.finding.log import Line, Log, log_of, releases_seen, words_of
from learning_log.finding.searching import by_letters, is_by_letters, last_word

__all__ = [
    "FindForm",
    "Line",
    "Log",
    "MonthForm",
    "address",
    "by_letters",
    "chips",
    "fitting",
    "is_by_letters",
    "last_word",
    "log_of",
    "releases_seen",
    "words_of",
]
