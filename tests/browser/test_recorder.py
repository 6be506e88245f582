"""Sound and film recorded in a real Chromium with its made-up microphone and camera."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Playwright, expect

from tests.browser import recorder_page
from tests.browser.conftest import CHROMIUM, FLAGS, eventually

pytestmark = pytest.mark.browser

DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with recorder_page.served() as address:
        yield address


@pytest.fixture(scope="module")
def studio(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *DEVICES])
    yield opened
    opened.close()


@pytest.fixture
def page(studio: Browser, origin: str) -> Iterator[Page]:
    recorder_page.received.clear()
    context = studio.new_context(base_url=origin, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/record/")
    yield page
    context.close()


def button(page: Page, name: str):
    return page.get_by_role("button", name=name)


def record(page: Page, what: str) -> None:
    """A second or two of it, by keyboard alone."""
    button(page, what).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Recording.")
    expect(page.get_by_text("1 second")).to_be_visible()
    button(page, "Stop").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("only on this device")


def held_bytes(page: Page) -> int:
    size: int = page.locator("input[type=file]").evaluate("input => input.files[0]?.size ?? 0")
    return size


@pytest.mark.parametrize(("what", "kind"), [("Record sound", "sound"), ("Record film", "film")])
def test_what_was_recorded_goes_with_the_form_and_is_what_it_says(page: Page, what: str, kind: str) -> None:
    record(page, what)
    assert held_bytes(page) > 0

    button(page, "Send").click()

    expect(page.get_by_role("heading", name="It has arrived")).to_be_visible()
    assert [medium.kind for medium in recorder_page.received] == [kind]


@pytest.mark.parametrize(("what", "play"), [("Record sound", "Listen"), ("Record film", "Watch")])
def test_a_recording_can_be_played_before_it_is_sent(page: Page, what: str, play: str) -> None:
    record(page, what)

    button(page, play).click()

    def has_played() -> bool:
        return bool(page.locator("audio[src], video[src]").evaluate("player => player.currentTime > 0.2"))

    eventually(has_played, what="playing")


def test_a_pause_is_a_pause_and_recording_goes_on_after_it(page: Page) -> None:
    button(page, "Record sound").click()
    button(page, "Pause").click()
    expect(page.get_by_role("status")).to_have_text("Paused.")

    button(page, "Go on recording").click()

    expect(page.get_by_text("1 second")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_role("status")).to_contain_text("only on this device")


def test_a_recording_thrown_away_is_not_sent(page: Page) -> None:
    record(page, "Record sound")

    button(page, "Throw away").click()

    expect(page.get_by_role("status")).to_have_text("Thrown away. Nothing was kept.")
    expect(button(page, "Record sound")).to_be_focused()
    assert held_bytes(page) == 0


def test_a_recording_that_could_not_be_sent_is_kept_and_sent_again(page: Page) -> None:
    record(page, "Record sound")
    held = held_bytes(page)
    page.context.set_offline(True)
    button(page, "Send").click()
    expect(page.get_by_role("status")).to_contain_text("could not be sent")
    assert held_bytes(page) == held

    page.context.set_offline(False)
    button(page, "Send").click()

    expect(page.get_by_role("heading", name="It has arrived")).to_be_visible()


def test_a_server_that_fails_or_refuses_loses_no_recording(page: Page) -> None:
    record(page, "Record sound")
    held = held_bytes(page)

    for status in (500, 403):
        page.route("**/record/", lambda route, _request, status=status: route.fulfill(status=status, body="<p>No</p>"))
        button(page, "Send").click()
        expect(page.get_by_role("status")).to_contain_text("could not be sent")
        page.unroute("**/record/")

    assert held_bytes(page) == held


def test_leaving_with_an_unsent_recording_asks_first(page: Page) -> None:
    record(page, "Record sound")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)

    page.evaluate("location.assign('/arrived/')")

    expect(page.get_by_role("heading", name="Add to your entry")).to_be_visible()
    assert asked == ["beforeunload"]


def test_without_a_recording_nobody_is_asked(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))

    page.goto("/arrived/")

    expect(page.get_by_role("heading", name="It has arrived")).to_be_visible()


@pytest.mark.parametrize(
    ("refusal", "said"),
    [("NotAllowedError", "not allowed"), ("NotFoundError", "no microphone"), ("NotReadableError", "Another app")],
)
def test_a_microphone_that_cannot_be_had_is_explained_and_a_file_can_be_chosen(
    page: Page, refusal: str, said: str
) -> None:
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)); }", refusal
    )

    button(page, "Record sound").click()

    expect(page.get_by_role("status")).to_contain_text(said)
    expect(page.get_by_role("status")).to_contain_text(
        "choose the file here" if refusal != "NotReadableError" else "choose a file here"
    )
    expect(page.get_by_label("Sound, film or a picture")).to_be_visible()


def test_a_camera_without_a_microphone_is_enough_for_signing(page: Page) -> None:
    page.evaluate(
        """() => {
            const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = (wanted) =>
                wanted.audio ? Promise.reject(new DOMException("", "NotFoundError")) : ask(wanted);
        }"""
    )
    record(page, "Record film")

    button(page, "Send").click()

    expect(page.get_by_role("heading", name="It has arrived")).to_be_visible()
    assert recorder_page.received[0].kind == "film"


def test_elsewhere_on_the_site_there_is_no_microphone(page: Page) -> None:
    page.goto("/arrived/")

    refusal = page.evaluate("navigator.mediaDevices.getUserMedia({audio: true}).catch(problem => problem.name)")

    assert refusal == "NotAllowedError"


def test_without_scripts_the_file_input_is_simply_there(studio: Browser, origin: str) -> None:
    context = studio.new_context(base_url=origin, java_script_enabled=False)
    page = context.new_page()
    page.goto("/record/")

    expect(page.get_by_label("Sound, film or a picture")).to_be_visible()
    expect(button(page, "Record sound")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_buttons_are_large_enough_for_thumbs_and_nothing_sticks_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    record(page, "Record film")

    heights = page.locator("[data-panel] button:visible").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(heights) >= 48
    assert page.evaluate("document.documentElement.scrollWidth") <= width
