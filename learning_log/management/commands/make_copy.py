import traceback
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning_log import making
from learning_log.models import Copy


class Command(BaseCommand):
    help = "Makes the file of one claimed copy of a log. The worker runs this, in a process of its own."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("copy", type=int)
        parser.add_argument("attempt", type=int, help="the number of the claim; another one is not touched")

    def handle(self, *args: Any, **options: Any) -> None:
        copy = Copy.objects.select_related("owner").filter(pk=options["copy"], attempts=options["attempt"]).first()
        if copy is None:
            raise CommandError("This claim is no longer held.")
        try:
            making.make(copy)
        except Exception as error:
            # A message could quote somebody's words: where and what kind is all that may reach a log.
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            raise CommandError(f"A copy could not be made: {type(error).__name__} at {place}.") from None
