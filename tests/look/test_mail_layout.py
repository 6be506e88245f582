"""The layout every mail stands in."""

from django.template.loader import render_to_string


def test_links_stand_only_when_given() -> None:
    bare = [render_to_string(f"mail/base.{kind}") for kind in ("html", "txt")]
    full = {"preferences_url": "https://a.test/mail/", "unsubscribe_url": "https://a.test/mail/u/x/"}

    assert [("Choose which" in text, "Stop messages" in text) for text in bare] == [(False, False)] * 2
    for kind in ("html", "txt"):
        assert all(url in render_to_string(f"mail/base.{kind}", full) for url in full.values())


def test_says_its_language_and_follows_the_readers_colours() -> None:
    html = render_to_string("mail/base.html")

    assert '<html lang="en-GB"' in html
    assert "prefers-color-scheme: dark" in html
    assert "<img" not in html
