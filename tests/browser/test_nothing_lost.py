"""Nothing typed is ever lost: every way a text can be in danger, in a real Chromium against the whole system.

What happens to the network is done at its edge (a request that is cut or answered with an error); everything else is
the real page, the real server and the real storage of the browser.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import People, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRITER, SOMEBODY_ELSE = "professional2@demo.test", "partner@demo.test"
AUTOSAVES = "**/autosave/**"
SESSION, TOKEN = "sessionid", "csrftoken"


def words() -> str:
    """A word that nobody has written before, so that it can be looked for everywhere."""
    return f"canary{uuid4().hex}"


def box(page: Page):
    return page.locator("textarea.writing").first


def write(page: Page, text: str) -> None:
    """As fingers do: letter after letter goes in where the text is, and the field says so."""
    box(page).fill(text)


def state(page: Page, now: str) -> None:
    expect(page.locator(f'[data-autosave-state][data-now="{now}"]')).to_be_visible(timeout=20_000)


def new_entry(people: People, text: str, who: str = WRITER) -> Page:
    """A page on which `who` has begun an entry that the server has."""
    page = people.signs_in(who)
    page.goto("/log/new/")
    write(page, text)
    state(page, "saved")
    return page


def path_of(page: Page) -> str:
    """Where the entry is edited; the first save gives a new one its address."""
    edited = re.compile(r"/log/\d+/edit/$")
    page.wait_for_url(edited)
    found = edited.search(page.url)
    assert found, page.url
    return found[0]


def server_has(page: Page, path: str, text: str) -> bool:
    return text in page.context.request.get(path).text()


def stored(page: Page) -> dict[str, str]:
    """Everything the browser has put away for this site. Asked again when the page was just being left."""
    for _attempt in range(5):
        with suppress(Error):
            kept: dict[str, str] = page.evaluate("() => ({...localStorage, ...sessionStorage})")
            return kept
        page.wait_for_load_state()
    raise AssertionError("the page never came to rest")


def copies(page: Page) -> list[str]:
    return [slot for slot in stored(page) if slot.startswith("alongside.draft.")]


def kept_unreadably(page: Page, text: str) -> None:
    """There is a copy, and no word of it can be read."""
    eventually(lambda: copies(page), what="a copy on the device")
    assert text not in str(stored(page))


def no_copies(page: Page) -> None:
    eventually(lambda: not copies(page), what="an empty device")


@contextmanager
def no_saving(page: Page, cut: Callable[[Route], None] = lambda route: route.abort()) -> Iterator[None]:
    """Autosaves of this browser come to nothing."""
    page.context.route(AUTOSAVES, cut)
    yield
    page.context.unroute(AUTOSAVES)


def crash(page: Page) -> None:
    """The tab dies at once: no last request, no last storing."""
    with suppress(Error):
        page.goto("chrome://crash", timeout=2_000)
    page.close()


def sign_in_on(page: Page, who: str) -> None:
    page.locator("input[name=login]").first.fill(who)
    page.locator("input[name=password]").fill("alongside-demo")
    page.locator("form:has(input[name=password]) [type=submit]").first.click()
    page.wait_for_load_state()


def found_copy(page: Page):
    return page.get_by_role("region", name="Words kept on this device")


# ---- All is well ----


def test_a_new_entry_saves_itself_becomes_an_entry_once_and_leaves_nothing_on_the_device(people: People) -> None:
    text = words()
    page = new_entry(people, text)
    path = path_of(page)
    write(page, f"{text}, and more")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url(re.compile(r"/log/\d+/$"))

    expect(page.locator("main")).to_contain_text(f"{text}, and more")
    assert page.url.endswith(path.removesuffix("edit/"))
    assert page.context.request.get("/log/").text().count(path.removesuffix("edit/") + '"') == 1
    no_copies(page)


def test_a_phone_that_puts_the_page_to_sleep_has_sent_the_words_first(people: People) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    write(page, text)
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    asleep = page.context.new_cdp_session(page)
    asleep.send("Page.setWebLifecycleState", {"state": "frozen"})

    other = people.signs_in(WRITER)
    eventually(lambda: server_has(other, path, text), what="the words, on another device")

    asleep.send("Page.setWebLifecycleState", {"state": "active"})
    page.evaluate("""() => {
        delete document.hidden;
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    more = f"{text} {words()}"
    write(page, more)
    eventually(lambda: server_has(other, path, more), what="the words written after waking up")


def test_a_phone_that_loads_the_page_anew_is_at_the_same_question(people: People) -> None:
    page, first, second = people.signs_in(WRITER, width=390), words(), words()
    page.goto("/log/new/")
    page.get_by_text("Choose other questions").click()
    page.get_by_role("button", name="What? So what? Now what?").click()
    page.wait_for_load_state()
    boxes = page.locator("textarea.writing")
    with no_saving(page):
        boxes.nth(0).fill(first)
        page.get_by_role("button", name="Next question").click()
        boxes.nth(1).fill(second)
        state(page, "kept")
    state(page, "saved")
    path_of(page)
    page.reload()

    expect(boxes.nth(1)).to_be_visible()
    expect(boxes.nth(0)).to_be_hidden()
    assert [boxes.nth(at).input_value() for at in (0, 1)] == [first, second]


def test_a_page_that_is_left_at_once_has_sent_its_last_words(people: People) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    write(page, text)
    page.goto("/log/")

    eventually(lambda: server_has(page, path, text), what="the last save")


def test_opening_and_leaving_a_form_makes_no_entry(people: People) -> None:
    page = people.signs_in(WRITER)
    before = page.context.request.get("/log/").text().count("<article")
    page.goto("/log/new/")
    write(page, "   ")
    page.wait_for_timeout(1_500)
    page.goto("/log/")
    assert page.context.request.get("/log/").text().count("<article") == before
    no_copies(page)


# ---- The network, the server ----


def test_offline_words_are_kept_unreadably_and_go_when_the_connection_is_back(people: People) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    page.context.set_offline(True)
    write(page, text)
    state(page, "kept")
    kept_unreadably(page, text)
    page.get_by_role("button", name="Save as draft").click()
    state(page, "kept")
    expect(box(page)).to_have_value(text)  # the browser's own error page did not come

    page.context.set_offline(False)
    state(page, "saved")
    assert server_has(page, path, text)
    no_copies(page)


@pytest.mark.parametrize(
    "cut",
    [
        lambda route: route.fulfill(status=500, body="<h1>Sorry</h1>"),
        lambda route: route.fulfill(status=502, body=""),
        lambda route: route.abort("timedout"),
        lambda route: route.abort("connectionreset"),
    ],
    ids=["500", "502", "time-out", "reset"],
)
def test_words_outlast_a_server_that_does_not_answer_well(people: People, cut: Callable[[Route], None]) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    with no_saving(page, cut):
        write(page, text)
        state(page, "kept")
        kept_unreadably(page, text)
        assert not server_has(page, path, text)

    state(page, "saved")
    assert server_has(page, path, text)
    no_copies(page)


@pytest.mark.parametrize("begin", ["edit", "new"])
def test_a_save_whose_answer_got_lost_is_no_clash_with_oneself(people: People, begin: str) -> None:
    text, lost = words(), []
    page = people.signs_in(WRITER)
    page.goto("/log/new/")
    if begin == "edit":
        write(page, words())
        state(page, "saved")

    def lose_answers(route: Route) -> None:
        """The server has it, the page never hears so."""
        route.fetch()
        lost.append(route.request.url)
        route.abort("timedout")

    with no_saving(page, lose_answers):
        write(page, text)
        page.wait_for_timeout(4_000)
        assert len(lost) >= 2
        write(page, f"{text}, and more")

    state(page, "saved")
    path = path_of(page)
    eventually(lambda: server_has(page, path, f"{text}, and more"), what="the newer words")
    state(page, "saved")
    no_copies(page)


def test_a_long_text_goes_over_a_slow_connection(people: People) -> None:
    page = new_entry(people, words())
    path, last = path_of(page), words()
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 30_000, "uploadThroughput": 30_000},
    )
    write(page, "\u0905\u092a\u0928\u0947 " * 20_000 + last)  # 720,000 bytes in a form: more than 20 seconds
    expect(page.locator('[data-autosave-state][data-now="saving"]')).to_be_visible()
    expect(page.locator('[data-autosave-state][data-now="saved"]')).to_be_visible(timeout=60_000)
    assert server_has(page, path, last)


def test_what_can_be_saved_nowhere_any_more_says_so_and_can_still_be_read(people: People) -> None:
    page = new_entry(people, words())
    path, context, text = path_of(page), page.context, words()
    telephone = people.signs_in(WRITER)
    telephone.goto(path.replace("edit", "delete"))
    telephone.locator("main form").get_by_role("button").click()
    write(page, f"{'Word after word. ' * 5} {text}")
    state(page, "refused")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your words were not saved")
    expect(page.locator("main")).to_contain_text(text)

    page = context.new_page()
    page.goto("/accounts/logout/")
    page.get_by_text("All of it").click()
    expect(page.get_by_text(text)).to_be_visible()


def test_a_stale_token_is_renewed_without_a_word(people: People) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    page.context.clear_cookies(name=TOKEN)
    write(page, text)
    eventually(lambda: server_has(page, path, text), what="the save with a new token")
    state(page, "saved")


# ---- The session ends ----


def test_after_an_expired_session_the_same_person_signs_in_beside_the_page_and_saving_goes_on(people: People) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    page.context.clear_cookies(name=SESSION)
    write(page, text)
    state(page, "signed_out")
    kept_unreadably(page, text)

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in beside this page").click()
    sign_in_on(opened.value, WRITER)
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("You are signed in again")

    state(page, "saved")
    expect(box(page)).to_have_value(text)
    assert server_has(page, path, text)
    no_copies(page)


def test_after_an_expired_session_somebody_else_sees_and_saves_nothing_and_the_writer_gets_it_back(
    people: People,
) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    page.context.clear_cookies(name=SESSION)
    write(page, text)
    state(page, "signed_out")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in beside this page").click()
    beside = opened.value
    sign_in_on(beside, SOMEBODY_ELSE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody else has signed in")
    assert text not in page.content()
    assert sent == []
    assert not server_has(beside, "/log/", text)
    kept_unreadably(page, text)

    beside.goto("/log/new/")
    expect(found_copy(beside)).to_have_count(0)
    beside.context.clear_cookies(name=SESSION)
    beside.goto(f"/accounts/login/?next={path}")
    sign_in_on(beside, WRITER)
    found_copy(beside).get_by_role("button", name="Put it into the form").click()
    expect(box(beside)).to_have_value(text)
    state(beside, "saved")
    no_copies(beside)


def test_the_save_button_after_an_expired_session_leads_through_the_sign_in_and_back(people: People) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    page.context.clear_cookies(name=SESSION)
    write(page, text)
    state(page, "signed_out")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url("**/accounts/login/**")
    sign_in_on(page, WRITER)

    expect(box(page)).to_have_value(text)
    state(page, "saved")
    assert server_has(page, path, text)
    no_copies(page)


# ---- Two tabs, two devices ----


def test_a_second_tab_with_nothing_changed_hears_of_the_save_and_keeps_what_it_shows(people: People) -> None:
    first_text = words()
    page = new_entry(people, first_text)
    second = page.context.new_page()
    second.goto(path_of(page))
    text = words()
    write(page, text)
    state(page, "saved")

    expect(second.get_by_role("region", name="Saved in another tab")).to_be_visible()
    expect(box(second)).to_have_value(first_text)
    second.get_by_role("button", name="Load what was saved").click()
    expect(box(second)).to_have_value(text)


def test_a_second_tab_with_other_words_is_told_and_both_texts_stay(people: People) -> None:
    page = new_entry(people, words())
    path = path_of(page)
    second = page.context.new_page()
    second.goto(path)
    here, there = words(), words()
    with no_saving(second):
        write(second, there)
        state(second, "kept")
        page.context.unroute(AUTOSAVES)
        write(page, here)
        state(page, "saved")

    state(second, "elsewhere")
    assert server_has(page, path, here)
    kept_unreadably(second, there)
    second.get_by_role("button", name="Show both texts").click()
    expect(box(second)).to_have_value(there)
    expect(second.locator("main")).to_contain_text(here)


def test_two_devices_the_slower_one_is_told_and_nothing_is_overwritten_without_a_click(people: People) -> None:
    page = new_entry(people, words())
    path = path_of(page)
    telephone = people.signs_in(WRITER, width=390)
    telephone.goto(path)
    here, there = words(), words()
    write(page, here)
    state(page, "saved")
    write(telephone, there)
    state(telephone, "elsewhere")
    telephone.get_by_role("button", name="Show both texts").click()
    expect(telephone.locator("main")).to_contain_text(here)
    telephone.wait_for_load_state("networkidle")  # the page has met its copy before other words are written over it
    write(telephone, f"{there} and {here}")
    telephone.wait_for_timeout(1_500)
    assert server_has(page, path, here)
    assert not server_has(page, path, there)

    telephone.get_by_role("button", name="Save as draft").click()
    telephone.wait_for_url(re.compile(r"/log/\d+/$"))
    assert server_has(page, path, f"{there} and {here}")
    no_copies(telephone)


# ---- The tab dies ----


def test_a_tab_that_was_killed_leaves_a_copy_that_is_shown_not_put_in_and_both_answers_can_be_undone(
    people: People,
) -> None:
    before, text = words(), words()
    page = new_entry(people, before)
    path, context = path_of(page), page.context
    with no_saving(page):
        write(page, text)
        state(page, "kept")
        crash(page)

    page = context.new_page()
    page.goto(path)
    expect(found_copy(page)).to_contain_text(text)
    expect(found_copy(page)).to_contain_text(before)
    expect(box(page)).to_have_value(before)

    found_copy(page).get_by_role("button", name="Throw it away").click()
    no_copies(page)
    page.get_by_role("button", name="Bring them back").click()
    found_copy(page).get_by_role("button", name="Put it into the form").click()
    expect(box(page)).to_have_value(text)
    page.get_by_role("button", name="Put back what was here").click()
    expect(box(page)).to_have_value(before)
    found_copy(page).get_by_role("button", name="Put it into the form").click()
    eventually(lambda: server_has(page, path, text), what="the save")
    no_copies(page)


def test_a_new_entry_whose_tab_was_killed_is_found_on_the_form_for_new_ones(people: People) -> None:
    text = words()
    page = people.signs_in(WRITER)
    context = page.context
    page.goto("/log/new/")
    with no_saving(page):
        write(page, text)
        state(page, "kept")
        crash(page)

    page = context.new_page()
    page.goto("/log/new/")
    expect(box(page)).to_have_value("")
    found_copy(page).get_by_role("button", name="Put it into the form").click()
    state(page, "saved")
    assert server_has(page, path_of(page), text)
    no_copies(page)


def test_a_copy_under_text_that_was_saved_elsewhere_since_says_so(people: People) -> None:
    page = new_entry(people, words())
    path, context, here, text = path_of(page), page.context, words(), words()
    with no_saving(page):
        write(page, text)
        state(page, "kept")
        crash(page)
    telephone = people.signs_in(WRITER)
    telephone.goto(path)
    write(telephone, here)
    state(telephone, "saved")

    page = context.new_page()
    page.goto(path)
    expect(found_copy(page)).to_contain_text("saved somewhere else since then")
    expect(box(page)).to_have_value(here)


def test_a_copy_that_cannot_be_opened_any_more_is_named_and_breaks_nothing(people: People) -> None:
    page = new_entry(people, words())
    path, context, text = path_of(page), page.context, words()
    with no_saving(page):
        write(page, words())
        state(page, "kept")
        crash(page)
    page = context.new_page()
    page.goto("/log/")
    page.evaluate(
        """slot => {
          const copy = JSON.parse(localStorage.getItem(slot));
          localStorage.setItem(slot, JSON.stringify({...copy, data: btoa("x")}));
        }""",
        copies(page)[0],
    )
    page.goto(path)
    expect(page.get_by_role("region", name="Words that can’t be opened")).to_be_visible()
    write(page, text)
    state(page, "saved")
    page.get_by_role("button", name="Throw it away").click()
    no_copies(page)


# ---- The device is full ----


def test_a_full_device_is_said_in_words_and_the_page_does_not_close_unasked(people: People) -> None:
    page = new_entry(people, words())
    path, text = path_of(page), words()
    page.evaluate(
        """() => {
          for (let size = 1 << 20; size >= 1; size >>= 1) {
            try { for (let n = 0; ; n += 1) localStorage.setItem(`junk${size}.${n}`, "x".repeat(size)); } catch {}
          }
        }"""
    )
    with no_saving(page):
        box(page).click()  # a browser asks only somebody who has touched the page
        write(page, text)
        state(page, "nokeep")
        with page.expect_event("dialog") as asked:
            page.close(run_before_unload=True)
        assert asked.value.type == "beforeunload"
        asked.value.dismiss()

    expect(box(page)).to_have_value(text)
    eventually(lambda: server_has(page, path, text), what="the save", within_seconds=40)


# ---- Recordings and their words ----

A_MICROPHONE = """navigator.mediaDevices.getUserMedia = async () => {
    const room = new AudioContext();
    const [sound, out] = [room.createOscillator(), room.createMediaStreamDestination()];
    sound.connect(out);
    sound.start();
    return out.stream;
}"""


def recording(people: People) -> Page:
    """The page of the files of an entry, with a sound recorded and not sent."""
    page = new_entry(people, words())
    page.add_init_script(A_MICROPHONE)
    page.goto(path_of(page).replace("edit", "files"))
    page.get_by_role("button", name="Record sound").click()
    expect(page.get_by_text("1 second")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Recorded. It is only on this device")).to_be_visible()
    return page


def test_a_recording_outlasts_the_session_and_is_sent_after_signing_in_beside_it(people: People) -> None:
    page = recording(people)
    page.context.clear_cookies()
    page.get_by_role("button", name="Add it to the entry").click()
    expect(page.get_by_text("You have been signed out. Your recording is still here")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in beside this page").click()
    sign_in_on(opened.value, WRITER)

    page.get_by_role("button", name="Add it to the entry").click()
    expect(page.get_by_role("link", name="Write its transcript")).to_be_visible()


def test_a_recording_is_taken_although_its_entry_was_saved_elsewhere_meanwhile(people: People) -> None:
    page = recording(people)
    second = page.context.new_page()
    second.goto(page.url.replace("files", "edit"))
    write(second, words())
    state(second, "saved")
    page.get_by_role("button", name="Add it to the entry").click()
    expect(page.get_by_text("The entry was saved elsewhere meanwhile").first).to_be_visible()

    page.get_by_role("button", name="Add it to the entry").click()
    expect(page.get_by_role("link", name="Write its transcript")).to_be_visible()


def test_a_transcript_saves_itself_and_outlives_the_tab(people: People) -> None:
    page = recording(people)
    page.get_by_role("button", name="Add it to the entry").click()
    page.get_by_role("link", name="Write its transcript").click()
    page.wait_for_url("**/words/")
    before, text, transcript = words(), words(), page.locator("textarea[name=words]")
    transcript.fill(before)
    state(page, "saved")
    with no_saving(page):
        transcript.fill(text)
        state(page, "kept")
        kept_unreadably(page, text)
        context, address = page.context, page.url
        crash(page)

    page = context.new_page()
    page.goto(address)
    expect(page.locator("textarea[name=words]")).to_have_value(before)
    found_copy(page).get_by_role("button", name="Put it into the form").click()
    state(page, "saved")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text(text)
    no_copies(page)


# ---- Signing out ----


def test_signing_out_sends_what_was_only_on_the_device(people: People) -> None:
    page = new_entry(people, words())
    path, context, text = path_of(page), page.context, words()
    with no_saving(page):
        write(page, text)
        state(page, "kept")
        crash(page)

    page = context.new_page()
    page.goto("/log/")
    page.locator(".site-footer").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/logout/")
    no_copies(page)
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))
    again = people.signs_in(WRITER)
    assert server_has(again, path, text)


def test_signing_out_asks_about_what_could_not_be_sent_and_throws_it_away_only_when_told(people: People) -> None:
    page = new_entry(people, words())
    path, context, text = path_of(page), page.context, words()
    with no_saving(page):
        write(page, text)
        state(page, "kept")
        crash(page)
    telephone = people.signs_in(WRITER)
    telephone.goto(path)
    write(telephone, words())
    state(telephone, "saved")

    page = context.new_page()
    page.goto("/accounts/logout/")
    expect(page.get_by_role("link", name=text)).to_have_attribute("href", path)
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Tick the box to sign out")).to_be_visible()
    kept_unreadably(page, text)
    page.get_by_label("Throw away what is only on this device").check()
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))
    no_copies(page)


def test_signing_out_works_in_a_browser_without_storage(people: People) -> None:
    page = people.signs_in(WRITER)
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})")
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))
    page.goto("/log/")
    assert "/accounts/login/" in page.url


# ---- Beside the entry itself ----

IN_A_PAIR, THE_OTHER = "professional@demo.test", "partner@demo.test"


def page_of(people: People, who: str, title: str) -> Page:
    """The page of an entry of the demo's first pair."""
    page = people.signs_in(who)
    page.goto("/log/")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_load_state()
    return page


def answer_box(page: Page):
    return page.get_by_label("Your answer")


def test_an_answer_is_kept_as_a_draft_by_itself_and_outlives_the_tab(people: People) -> None:
    text = words()
    page = page_of(people, IN_A_PAIR, "The same Friday")
    answer_box(page).fill(text)
    state(page, "saved")
    no_copies(page)
    address = page.url
    crash(page)

    again = people.signs_in(IN_A_PAIR)
    again.goto(address)
    expect(answer_box(again)).to_have_value(text)
    assert not server_has(page_of(people, THE_OTHER, "The same Friday"), address, text)
    again.get_by_role("button", name="Send your answer").click()
    expect(again.get_by_text(text)).to_be_visible()
    no_copies(again)


def test_an_answer_that_cannot_be_sent_stays_on_the_device_for_its_writer(people: People) -> None:
    text = words()
    page = page_of(people, IN_A_PAIR, "The same Friday")
    with no_saving(page):
        answer_box(page).fill(text)
        state(page, "kept")
        kept_unreadably(page, text)
        context, address = page.context, page.url
        crash(page)

    again = context.new_page()
    again.goto(address)
    found_copy(again).get_by_role("button", name="Put it into the form").click()
    expect(answer_box(again)).to_have_value(text)
    state(again, "saved")
    no_copies(again)


def test_what_the_two_see_together_waits_on_the_device_for_the_click(people: People) -> None:
    text = words()
    page = page_of(people, IN_A_PAIR, "One more question")
    together = f"{page.url}together/"
    page.goto(together)
    before = page.locator("textarea[name=words]").input_value()
    page.locator("textarea[name=words]").fill(f"{before} {text}")
    state(page, "waiting")
    kept_unreadably(page, text)
    other = page_of(people, THE_OTHER, "One more question")
    assert not server_has(other, other.url, text)
    context = page.context
    crash(page)

    again = context.new_page()
    again.goto(together)
    found_copy(again).get_by_role("button", name="Put it into the form").click()
    again.get_by_role("button", name="Save for both of us").click()
    again.wait_for_url(re.compile(r"/log/\d+/$"))
    expect(again.get_by_text(text)).to_be_visible()
    no_copies(again)
    assert server_has(other, other.url, text)
