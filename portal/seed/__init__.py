"""Fill a database to a size, in bulk: the same rows for the same seed, for benchmarks and for trying long lists.

Rows go in by PostgreSQL's COPY, past the actions: nothing is mailed and nothing is audited.
"""

from dataclasses import dataclass
from random import Random

from django.db import transaction

from accounts.models import User
from portal.seed import applications, programme, public
from portal.seed.rows import Progress, first_free_id, nothing


class TooFewPeople(ValueError):
    """Every pair needs two people."""


@dataclass(frozen=True)
class Size:
    """How many of each."""

    people: int
    pairs: int
    entries: int
    comments: int
    applications: int = 0

    @property
    def rows(self) -> int:
        """What the progress bar counts to."""
        return self.people + self.pairs + self.entries + self.comments + self.applications


@transaction.atomic
def fill(size: Size, *, seed: int, progress: Progress = nothing) -> None:
    """Add `size` to what is there. Raises TooFewPeople."""
    if size.people < 2 * size.pairs or (size.entries and not size.pairs):
        raise TooFewPeople
    random = Random(seed)  # noqa: S311  (the same rows for the same seed is the point)
    batch = f"{seed}-{first_free_id(User)}"
    people = programme.people(size.people, batch, progress)
    pairs = programme.pairs(size.pairs, people, batch, progress)
    programme.entries(size.entries, pairs, random, progress)
    public.comments(size.comments, batch, random, progress)
    applications.applications(size.applications, batch, random, progress)
