"""What the page on which people record may do, and no other."""

import re
from pathlib import Path

from django.conf import settings

from learning_log.media import MOST_BYTES
from tests.browser import recorder_page


def test_only_the_page_that_records_may_ask_for_camera_and_microphone(client, settings):
    settings.ROOT_URLCONF = recorder_page.__name__

    recording, other = client.get("/record/"), client.get("/arrived/")

    for feature in ("camera", "microphone"):
        assert f"{feature}=(self)" in recording["Permissions-Policy"]
        assert f"{feature}=()" in other["Permissions-Policy"]
    assert "geolocation=()" in recording["Permissions-Policy"]


def test_the_page_that_records_may_play_what_it_holds_and_is_otherwise_as_strict(client, settings):
    settings.ROOT_URLCONF = recorder_page.__name__

    def rules(address):
        return {rule.strip() for rule in client.get(address)["Content-Security-Policy"].split(";")}

    assert rules("/record/") - rules("/arrived/") == {"media-src 'self' blob:"}
    assert rules("/arrived/") - rules("/record/") == {"media-src 'self'"}


def test_the_recorder_stops_at_the_size_that_can_be_kept():
    template = Path(settings.BASE_DIR) / "templates/learning_log/components/recorder.html"

    told = re.findall(r'data-most(\w+)="(\d+)"', template.read_text())

    assert {kind: int(most) for kind, most in told} == {kind: MOST_BYTES[kind] for kind in ("sound", "film")}
