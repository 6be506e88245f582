"""What holds for every request that may show words of a log."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from learning_log.readers import asked_once

Handler = Callable[[HttpRequest], HttpResponseBase]


def one_reader_a_page(get_response: Handler) -> Handler:
    """A request that changes nothing asks once what its reader belongs to. One that may change something asks anew."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with asked_once():
            return get_response(request)

    return handle
