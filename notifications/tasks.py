"""Celery's doorways to the ledger."""

from celery import shared_task


@shared_task
def deliver() -> None:
    """Send what is due."""
    from notifications import delivery

    delivery.deliver_due()


@shared_task
def sweep() -> None:
    """Every minute: plan what falls due, take back what a dead worker held, send what is due."""
    from notifications import delivery, planning

    planning.plan_all()
    delivery.requeue_lost()
    delivery.deliver_due()
