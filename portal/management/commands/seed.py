"""`manage.py seed`: fill a database to a size, for benchmarks and for looking at long lists."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal import seed


class Command(BaseCommand):
    help = "Add so many invented people, pairs, entries, … ; the same for the same seed. Never on a real site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, help="default: two for each pair")
        parser.add_argument("--pairs", type=int, default=200)
        parser.add_argument("--entries", type=int, default=2_000)
        parser.add_argument("--comments", type=int, default=5_000)
        parser.add_argument("--applications", type=int, default=0, help="to a cohort of their own, with reviews")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("Seeding is only possible where DEMO=1 or DEBUG=1 is set: it adds invented people.")
        wished = options["people"] if options["people"] is not None else 2 * options["pairs"]
        size = seed.Size(wished, options["pairs"], options["entries"], options["comments"], options["applications"])
        if min(size.people, size.pairs, size.entries, size.comments, size.applications) < 0:
            raise CommandError("Give numbers from 0 upwards.")
        with tqdm(total=size.rows, unit=" rows") as bar:
            try:
                seed.fill(size, seed=options["seed"], progress=bar.update)
            except seed.TooFewPeople:
                raise CommandError("Every pair needs two people, and entries need a pair to be in.") from None
