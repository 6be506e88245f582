"""Send what is due without Celery: for operators, for the benchmark, and to be killed by the tests."""

import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from notifications import delivery
from notifications.models import LedgerRow

UNSETTLED = Q(state__in=("queued", "claimed", "submitting"))


class Command(BaseCommand):
    help = "Send the mail that is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="go on until every row has been settled")
        parser.add_argument("--lease-seconds", type=float, default=delivery.LEASE.total_seconds())

    def handle(self, *args: Any, until_empty: bool, lease_seconds: float, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        lease = timedelta(seconds=lease_seconds)
        handled = delivery.deliver_due(lease=lease, should_stop=stop.is_set)
        while until_empty and not stop.is_set() and LedgerRow.objects.filter(UNSETTLED).exists():
            delivery.requeue_lost(lease=lease)
            sent = delivery.deliver_due(lease=lease, should_stop=stop.is_set)
            handled += sent
            if not sent:
                stop.wait(0.1)
        self.stdout.write(f"{handled} messages handled")
