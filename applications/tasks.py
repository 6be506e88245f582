"""Celery's doorways to offers."""

from celery import shared_task


@shared_task
def lapse_offers() -> None:
    """Every few minutes: close the offers whose day has passed, and offer the places to the next."""
    from applications.actions import offering

    offering.lapse_overdue()
