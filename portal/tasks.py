"""Celery's doorways to tables on their way in. They carry no argument: what is to be done stands in the rows."""

from celery import shared_task


@shared_task
def work_on_imports() -> None:
    """Read, or bring in, what waits longest; the next is another task's. Each minute, for what the broker forgot."""
    from notifications import wake
    from portal.bringing_in import working

    if working.work_on_next():
        wake.publish(work_on_imports)


@shared_task
def clear_imports() -> None:
    """Delete tables that nobody finished in time."""
    from portal.bringing_in import working

    working.clear()
