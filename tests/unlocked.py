"""The real actions with the row locks taken out of their SQL: what the locks are for, shown and not only said."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

LOCK = re.compile(r' FOR UPDATE( OF "\w+")?')


@contextmanager
def without_row_locks(*, after: str, then: Callable[[], Any]) -> Iterator[None]:
    """In this thread no SELECT … FOR UPDATE holds anything.

    `then` is called once, when the first SQL with `after` in it has been run: that is where threads wait for one
    another, so that the race happens every time.
    """
    waits = True

    def unlock(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal waits
        done = execute(LOCK.sub("", sql), params, many, context)
        if waits and after in sql:
            waits = False
            then()
        return done

    with connection.execute_wrapper(unlock):
        yield
