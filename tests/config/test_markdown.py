"""Markdown becomes HTML that can only be read: no script, no picture, no road to another site in disguise."""

import time
from pathlib import Path

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import markdown

XSS = Path(__file__).resolve().parents[2].parent / "shared" / "corpora" / "xss.txt"


def elements(made: str) -> list[tuple[str, dict[str, str]]]:
    """Every element a browser would build from `made`, with its attributes."""
    tree = html5lib.parseFragment(made, treebuilder="etree", namespaceHTMLElements=False)
    return [(str(node.tag), dict(node.attrib)) for node in tree.iter() if str(node.tag) != "DOCUMENT_FRAGMENT"]


def assert_only_reading_matter(made: str) -> None:
    for tag, attributes in elements(made):
        assert tag in markdown.TAGS, made
        assert set(attributes) <= {"href", "rel", "start", "dir"}, made
        if "href" in attributes:
            assert markdown.is_allowed_address(attributes["href"]), made
            assert attributes["rel"] == "nofollow noopener"


def test_words_are_set_as_the_writer_meant_them():
    made = markdown.render("# Friday\n\nOne **strong** word.\nAnd a line.\n\n* bread\n* milk\n\n> said *she*")

    assert made == (
        '<h3 dir="auto">Friday</h3>\n<p dir="auto">One <strong>strong</strong> word.<br>\nAnd a line.</p>\n'
        '<ul dir="auto">\n<li>bread</li>\n<li>milk</li>\n</ul>\n'
        '<blockquote dir="auto">\n<p>said <em>she</em></p>\n</blockquote>\n'
    )


@pytest.mark.parametrize(("top", "made"), [(2, "h2"), (3, "h3"), (4, "h4")])
def test_headings_fit_below_those_of_the_page(top: int, made: str):
    assert [tag for tag, _ in elements(markdown.render("## a", top_heading=top))] == [made]


def test_headings_never_skip_a_level():
    text = "\n\n".join(["### a", "###### b", "###### c", "#### d", "# e", "## f"])

    assert [tag for tag, _ in elements(markdown.render(text, top_heading=2))] == ["h2", "h3", "h3", "h3", "h2", "h3"]


def test_html_stays_text():
    assert markdown.render("<b>x</b> <script>alert(1)</script>") == (
        '<p dir="auto">&lt;b&gt;x&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n'
    )


def test_four_leading_blanks_and_a_line_of_dashes_are_not_code_and_not_a_heading():
    assert [tag for tag, _ in elements(markdown.render("    We met.\n\nIt was late\n---"))] == ["p", "p", "hr"]


def test_a_picture_is_not_fetched_from_anywhere():
    assert elements(markdown.render("![who reads this](https://tracker.example/1.gif)")) == [
        ("p", {"dir": "auto"}),
        ("a", {"href": "https://tracker.example/1.gif", "rel": "nofollow noopener"}),
    ]


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=c", "HTTP://example.org", "mailto:desmond@example.org", "/guides/a/", "#part-2"],
)
def test_a_link_may_lead_to_the_web_a_mailbox_or_this_site(address: str):
    assert ("a", {"href": address, "rel": "nofollow noopener"}) in elements(markdown.render(f"[x]({address})"))


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "/&Tab;/evil.example",
        "/&NewLine;/evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&Tab;script:alert(1)",
        "&#x6A;avascript:alert(1)",
        "vbscript:x",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
        "ftp://example.org",
        "tel:+44",
        "evil.example",
    ],
)
def test_a_link_anywhere_else_stays_text(address: str):
    made = markdown.render(f"[x]({address}) [y](<{address}>) <{address}>\n\n[z]\n\n[z]: {address}")

    for tag, attributes in elements(made):
        if tag == "a":  # tab and backslash are written out as %09 and %5C: a path here
            assert attributes["href"].startswith(("/%09/", "/%0A/", "/%5C"))
    assert "x" in made


def test_each_block_finds_its_own_direction():
    made = markdown.render("שלום\n\nhello\n\n* مرحبا")

    assert [attributes.get("dir") for tag, attributes in elements(made) if tag in {"p", "ul"}] == ["auto"] * 3


def test_control_characters_are_left_out_of_what_is_shown():
    assert markdown.render("a\x00b\x08c\x1bd\x85e\r\nf") == '<p dir="auto">abcde<br>\nf</p>\n'


def test_a_text_beyond_the_limit_is_shown_as_typed_and_whole():
    text = "<i>*word*</i>\n" * 20_000

    made = markdown.render(text)

    assert made.count("&lt;i&gt;*word*&lt;/i&gt;") == 20_000
    assert {tag for tag, _ in elements(made)} == {"p", "br"}


@pytest.mark.parametrize(
    "shape",
    ["[", "![", "[a](", "*a **a ", "`", "> ", "- ", "_a", "<", "\\", "[a]: b\n", "|a\n|-\n", "&", "~~a", "((", "* * "],
)
def test_no_text_of_the_greatest_length_stalls_the_page(shape: str):
    text = (shape * markdown.MAX_LENGTH)[: markdown.MAX_LENGTH]

    began = time.process_time()
    markdown.render(text)

    assert time.process_time() - began < 20


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="[]()<>!*_`#-|:/\\\"'& \n\tajvscript.", max_size=80))
def test_nothing_anyone_can_type_becomes_more_than_reading_matter(text: str):
    assert_only_reading_matter(markdown.render(text))


@pytest.mark.skipif(not XSS.exists(), reason="the corpus ../shared/corpora/xss.txt is not on this machine")
def test_the_corpus_of_attacks_becomes_reading_matter():
    lines = XSS.read_text(encoding="utf-8", errors="replace").splitlines()

    for line in lines:
        for text in (line, f"[x]({line})", f"<{line}>", f"[x]: {line}\n\n[x]", f"`{line}`", f"* {line}"):
            assert_only_reading_matter(markdown.render(text))

    assert len(lines) > 500
