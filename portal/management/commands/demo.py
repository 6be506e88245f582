"""`manage.py demo`: fill an empty database with the invented charity."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import demo


class Command(BaseCommand):
    help = "Fill an empty database with an invented charity. A second call changes nothing. Only with DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is only made where DEMO=1 is set.")
        is_new = demo.build(at=timezone.now(), password=settings.DEMO_PASSWORD)
        self.stdout.write("The demo is ready." if is_new else "The demo was there already.")
