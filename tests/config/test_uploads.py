"""How much one request may hold: judged by its length, before a byte of it is kept."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from config import uploads
from tests.conftest import SecureClient

FORM = {"name": "Oriel", "file": SimpleUploadedFile("a.txt", b"x" * 2000)}


def measured(length: int, cookies: str = "") -> None:
    request = RequestFactory().post("/", FORM)
    request.META["HTTP_COOKIE"] = cookies
    uploads.MeasuredUploads(request).handle_raw_input(None, request.META, length, b"boundary")


@pytest.mark.parametrize(
    ("length", "cookies"),
    [
        (uploads.MOST_BYTES_OF_A_STRANGER, ""),
        (uploads.MOST_BYTES, "__Host-sessionid=x; sessionid=x"),
    ],
)
def test_what_fits_is_let_through(length: int, cookies: str):
    measured(length, cookies)


@pytest.mark.parametrize(
    ("length", "cookies"),
    [
        (uploads.MOST_BYTES_OF_A_STRANGER + 1, "csrftoken=x"),
        (uploads.MOST_BYTES + 1, "__Host-sessionid=x; sessionid=x"),
    ],
)
def test_what_is_too_long_is_turned_away(length: int, cookies: str):
    with pytest.raises(RequestDataTooBig):
        measured(length, cookies)


@pytest.mark.django_db
def test_a_stranger_cannot_fill_the_disk_and_is_told_plainly(settings):
    heavy = SimpleUploadedFile("film.mp4", b"x" * (uploads.MOST_BYTES_OF_A_STRANGER + 1))

    refused = SecureClient().post("/accounts/login/", {"file": heavy})

    assert refused.status_code in (400, 413)
    assert list(settings.DATA_DIR.joinpath("uploads").iterdir()) == []
