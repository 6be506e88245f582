"""Celery's doorways to pairs."""

from celery import shared_task


@shared_task
def lapse_introductions() -> None:
    """Close introductions that were not answered in time."""
    from pairs.matching import introducing

    introducing.lapse_overdue()
