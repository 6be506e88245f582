from celery import shared_task

from config import heartbeat


@shared_task
def stamp_heartbeat() -> None:
    heartbeat.stamp()
