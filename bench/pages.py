"""What the benchmarks of console pages share: a signed-in manager, the fastest of several times, a page by hand."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def manager() -> Any:
    """Django's own client, in this process, signed in."""
    from django.test import Client

    import accounts.actions
    from accounts.models import Role

    user = accounts.actions.ensure_user(email="manager@bench.test", by=None, name="Bench")
    accounts.actions.grant_role(user=user, role=Role.MANAGER, by=None)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def measured(client: Any, path: str, rounds: int) -> tuple[float, int, int]:
    """Milliseconds of a page (the fastest), its queries and its bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _warm in range(2):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    queries = len(captured)
    return milliseconds(lambda: client.get(path), rounds), queries, len(answer.content)


def milliseconds(act: Callable[[], object], rounds: int) -> float:
    taken = []
    for _round in range(rounds):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return min(taken)  # other work on the machine makes a page slower, never faster


def by_hand(client: Any, query: str, values: Sequence[Any], heads: Sequence[str], rounds: int) -> float:
    """Milliseconds of one query and one table in the frame of the console: as little as such a page can do.

    It stands behind the same middleware, for the same signed-in reader.
    """
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.test import override_settings
    from django.urls import include, path

    head = "".join(f"<th>{name}</th>" for name in heads)
    row = "".join(f"<td dir='auto'>{{{{ row.{place} }}}}</td>" for place in range(len(heads)))
    table = f"<table class='table'><tr>{head}</tr>{{% for row in rows %}}<tr>{row}</tr>{{% endfor %}}</table>"
    template = engines["django"].from_string(
        "{% extends 'base_staff.html' %}{% block main %}" + table + "{% endblock %}"
    )

    def page(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return HttpResponse(template.render({"rows": cursor.fetchall()}, request))

    ours = ModuleType("bench_by_hand")
    ours.urlpatterns = [path("bench/by-hand/", page), path("", include("config.urls"))]  # type: ignore[attr-defined]
    sys.modules["bench_by_hand"] = ours
    with override_settings(ROOT_URLCONF="bench_by_hand"):
        return measured(client, "/bench/by-hand/", rounds)[0]
