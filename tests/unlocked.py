"""The real actions with the row locks taken out of their SQL: what the locks are for, shown and not only said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def without_row_locks(*, after: str, then: Callable[[], Any]) -> Iterator[None]:
    """In this thread no SELECT … FOR UPDATE holds anything.

    `then` is called once, when the first SQL with `after` in it has been run: that is where threads wait for one
    another, so that the race happens every time.
    """
    waits = True

    def unlock(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal waits
        done = execute(sql.replace(" FOR UPDATE", ""), params, many, context)
        if waits and after in sql:
            waits = False
            then()
        return done

    with connection.execute_wrapper(unlock):
        yield
