"""Files that people send: how large a request may be before anybody knows who sends it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# The largest film (learning_log.media) with its form around it.
MOST_BYTES = 320 * 1024 * 1024
# The token that guards against forged requests stands in the body, so it is read before the sender is known.
MOST_BYTES_OF_A_STRANGER = 3 * 1024 * 1024


class MeasuredUploads(FileUploadHandler):
    """Turns away a body that is too long before a byte of it is kept. Handles no file itself."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  (Django's name)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Raises RequestDataTooBig, which becomes a plain page with status 413."""
        has_session = settings.SESSION_COOKIE_NAME in str(META.get("HTTP_COOKIE", ""))
        if content_length > (MOST_BYTES if has_session else MOST_BYTES_OF_A_STRANGER):
            raise RequestDataTooBig("This is more than one request may hold.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
