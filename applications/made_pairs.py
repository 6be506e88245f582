"""Ending the pair that was made from an application. Pairs stand below us, so they register how it is done."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from applications.models import Application

EndPair = Callable[[Application, User, datetime], None]

_registered: list[EndPair] = []


def register(end: EndPair) -> None:
    """Called once, by the app that makes pairs."""
    _registered[:] = [end]


def end(application: Application, *, by: User, at: datetime) -> None:
    """End the application's pair before the start: its place is free, and `leaving.pair_ended` is called."""
    for end_pair in _registered:
        end_pair(application, by, at)
