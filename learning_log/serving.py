"""Hands out a private file, whole or in part. Who may have it was decided before: nothing here asks."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, quote_etag

CHUNK_BYTES = 65_536
SINGLE_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})", re.ASCII | re.IGNORECASE)
FIXED_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Unsatisfiable(Exception):
    """The file has none of the bytes that were asked for."""


class FilePart:
    """The bytes of an open file from `start`, `length` of them, a piece at a time; closes the file with itself."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        self._file, self._left = file, length
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(CHUNK_BYTES, self._left))
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()


def serve(request: HttpRequest, path: Path, *, content_type: str, download_name: str, etag: str) -> HttpResponseBase:
    """The file at `path` for a GET or HEAD whose permission the caller has checked; Http404 if it is not there.

    One byte range is honoured on GET (RFC 9110, section 14; Safari plays nothing without), several are answered with
    the whole file. `etag` must change whenever the bytes do. The file itself may run nothing, and no cache keeps it.
    """
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise Http404 from None
    size = os.fstat(file.fileno()).st_size
    try:
        asked = _asked_range(request, size, quote_etag(etag))
    except Unsatisfiable:
        file.close()
        return _described(_none_of(size), download_name, etag)
    start, length = asked or (0, size)
    response = _answer(request, FilePart(file, start, length), content_type)
    response.headers["Content-Length"] = str(length)
    if asked:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    return _described(response, download_name, etag)


def _none_of(size: int) -> HttpResponse:
    return HttpResponse(status=416, content_type="text/plain", headers={"Content-Range": f"bytes */{size}"})


def _answer(request: HttpRequest, part: FilePart, content_type: str) -> HttpResponseBase:
    if request.method != "HEAD":
        return StreamingHttpResponse(part, content_type=content_type)
    part.close()
    return HttpResponse(content_type=content_type)


def _asked_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Start and length of the range to send; None for the whole file. Raises Unsatisfiable."""
    found = SINGLE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or found is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found["first"], found["last"]
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise Unsatisfiable
    return start, end - start


def _described(response: HttpResponseBase, download_name: str, etag: str) -> HttpResponseBase:
    described = FIXED_HEADERS | {
        "ETag": quote_etag(etag),
        "Content-Disposition": content_disposition_header(False, download_name) or "inline",
    }
    for name, value in described.items():
        response.headers[name] = value
    return response
