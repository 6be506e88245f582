"""Who else keeps a person's address, and follows when it changes.

An app registers a follower in its `AppConfig.ready`; it is called with the person, the address before and the new one.
What it keeps of them then leads to the new mailbox, and is found when they are to be forgotten.
"""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User

Follower = Callable[[User, str, str], None]

_followers: dict[str, Follower] = {}


def register(name: str, follower: Follower) -> None:
    _followers[name] = follower


@transaction.atomic
def follow(user: User, *, before: str, after: str) -> None:
    """Have every app change the address it keeps of this person."""
    for follower in _followers.values():
        follower(user, before, after)
