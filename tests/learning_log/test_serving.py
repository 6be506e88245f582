"""A private file, whole and in parts, as Safari and others ask for it."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from learning_log.serving import CHUNK_BYTES, serve

CONTENT = bytes(range(256)) * 600  # more than two pieces
SIZE = len(CONTENT)
assert SIZE > 2 * CHUNK_BYTES


@pytest.fixture
def place(tmp_path):
    path = tmp_path / "kept"
    path.write_bytes(CONTENT)
    return path


def ask(place, method="get", **headers):
    request = getattr(RequestFactory(), method)("/log/1/file/1/", headers=headers)
    return serve(request, place, content_type="audio/mpeg", download_name="Gespräch «1».mp3", etag="abc")


def told(place, method="get", **headers):
    """The answer, and its bytes once it has been sent and closed."""
    response = ask(place, method, **headers)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return response, content


def test_without_a_range_the_whole_file_comes(place):
    response, content = told(place)

    assert (response.status_code, content) == (200, CONTENT)
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),  # Safari's first question
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, SIZE - 1),
        (f"bytes=0-{SIZE - 1}", 0, SIZE - 1),
        (f"bytes=0-{SIZE * 9}", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        (f"bytes={CHUNK_BYTES - 1}-{CHUNK_BYTES}", CHUNK_BYTES - 1, CHUNK_BYTES),
        ("bytes=100-140000", 100, 140_000),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        (f"bytes=-{SIZE}", 0, SIZE - 1),
        (f"bytes=-{SIZE * 9}", 0, SIZE - 1),
        ("Bytes=5-6", 5, 6),
    ],
)
def test_one_range_is_given_exactly(place, asked, first, last):
    response, content = told(place, range=asked)

    assert (response.status_code, content) == (206, CONTENT[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE}", "bytes=-0", f"bytes={'9' * 18}-"])
def test_a_range_beyond_the_file_is_told_its_size(place, asked):
    response, content = told(place, range=asked)

    assert (response.status_code, content) == (416, b"")
    assert response["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6", "bytes=5-4", "bytes=-", "bytes=a-b", "lines=0-1", "bytes=٠-١", "0-1", f"bytes={'9' * 19}-"],
)
def test_a_range_that_is_none_of_ours_gets_the_whole_file(place, asked):
    assert told(place, range=asked)[1] == CONTENT


@pytest.mark.parametrize(
    ("if_range", "status"),
    [('"abc"', 206), ('"older"', 200), ('W/"abc"', 200), ("Sun, 22 Nov 2026 20:00:00 GMT", 200)],
)
def test_a_part_is_only_given_to_continue_the_same_file(place, if_range, status):
    assert told(place, **{"range": "bytes=0-1", "if-range": if_range})[0].status_code == status


def test_head_tells_the_size_and_sends_nothing(place):
    response, content = told(place, "head", range="bytes=0-1")

    assert (response.status_code, content, response["Content-Length"]) == (200, b"", str(SIZE))


def test_an_empty_file_is_sent_and_has_no_range(place):
    place.write_bytes(b"")

    whole, content = told(place)
    part, _nothing = told(place, range="bytes=0-")

    assert (whole.status_code, content, part.status_code) == (200, b"", 416)


@pytest.mark.parametrize("missing", ["gone", "", "kept/within"])
def test_a_file_that_is_not_there_is_not_found(place, missing):
    with pytest.raises(Http404):
        ask(place.parent / missing)


@pytest.mark.parametrize("asked", ["", "bytes=0-1", f"bytes={SIZE}-"])
def test_every_answer_is_private_and_cannot_act(place, asked):
    response, _content = told(place, range=asked)

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''Gespr%C3%A4ch%20%C2%AB1%C2%BB.mp3"
    assert response["ETag"] == '"abc"'


def test_the_file_is_closed_with_the_answer(place):
    response = ask(place)
    next(iter(response.streaming_content))

    response.close()

    with pytest.raises(ValueError, match="closed file"):
        next(iter(response.streaming_content))
