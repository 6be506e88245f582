"""Every address × every kind of person. A new URL without a row fails here."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import rows
from tests.access.table import PEOPLE, Row
from tests.access.world import World, build_world

pytestmark = pytest.mark.django_db

ROWS: dict[str, Row] = {}
for module in pkgutil.iter_modules(rows.__path__):
    ROWS.update(importlib.import_module(f"tests.access.rows.{module.name}").ROWS)


def every_url_name() -> Iterator[str]:
    """Names of all URLs but Django's own admin, which has one row as a whole."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
                if entry.namespace == "admin":
                    yield "admin:index"
                else:
                    yield from walk(entry, inner)
            elif isinstance(entry, URLPattern):
                yield f"{prefix}{entry.name}" if entry.name else f"unnamed: {prefix}{entry.pattern}"

    return walk(get_resolver(), "")


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert set(every_url_name()) == set(ROWS)


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """One world for the whole table, rolled back at its end."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield build_world()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_access(name: str, world: World, client: Client) -> None:
    row = ROWS[name]
    address = reverse(name, kwargs=row.kwargs(world))

    answered = {}
    for person in PEOPLE:
        reader = type(client)()
        if person != "visitor":
            reader.force_login(getattr(world, person))
        answered[person] = reader.get(address).status_code

    assert answered == row.statuses, address
