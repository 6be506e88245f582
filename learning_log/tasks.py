"""Celery's doorways to the log. They carry no argument: what is to be done stands in the rows."""

from celery import shared_task


@shared_task
def make_copies() -> None:
    """Make the copy that waits longest; the next one is another task's. Each minute, for what the broker forgot."""
    from learning_log import making
    from notifications import wake

    if making.make_next():
        wake.publish(make_copies)


@shared_task
def clear_copies() -> None:
    """Delete files whose time is over, and those whose words are no longer shared."""
    from learning_log import making

    making.clear()
