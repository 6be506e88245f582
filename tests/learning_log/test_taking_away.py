"""A book that is taken away is complete, safe and readable in every form, whatever was written in it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import html5lib
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from learning_log.taking_away import pdf, plain_data, web, word
from learning_log.taking_away.book import Book, BookAttachment, BookEntry, BookResponse, BookVoice, Part

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
AT = datetime(2026, 11, 20, 18, 10, tzinfo=ZoneInfo("Europe/London"))
XHTML = "{http://www.w3.org/1999/xhtml}"


def pdf_text(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


def word_text(made: bytes) -> str:
    paragraphs = Document(BytesIO(made)).element.body.iter(qn("w:p"))
    return "\n".join("".join(run.text or "" for run in paragraph.iter(qn("w:t"))) for paragraph in paragraphs)


def web_text(made: bytes) -> str:
    return "\n".join(html5lib.parse(made.decode()).itertext())


def data_text(made: bytes) -> str:
    return "\n".join(all_strings(json.loads(made)))


def all_strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from all_strings(item)
    elif isinstance(value, str):
        yield value


FORMS: dict[str, tuple[Callable[[Book], bytes], Callable[[bytes], str]]] = {
    "pdf": (pdf.make, pdf_text),
    "word": (word.make, word_text),
    "web": (web.make, web_text),
    "data": (plain_data.make, data_text),
}
in_every_form = pytest.mark.parametrize(("make", "text_of"), FORMS.values(), ids=FORMS)


def picture(kind: str = "PNG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (30, 20), (200, 180, 120)).save(made, kind)
    return made.getvalue()


def a_voice(markdown: str = "What I saw.", **changed) -> BookVoice:
    voice = BookVoice("Imogen Achterberg", "professional", "Nurse", True, 2, AT, [Part("What happened?", markdown)])
    return replace(voice, **changed)


def an_entry(number: int = 1, *voices: BookVoice, **changed) -> BookEntry:
    entry = BookEntry(number, "The same Friday", date(2026, 11, 20), "Only you can read this.", voices=voices)
    return replace(entry, **changed)


def a_book(*entries: BookEntry, **changed) -> Book:
    return replace(Book("What we learned", "Imogen Achterberg", AT, "Europe/London", "For a board", entries), **changed)


def a_book_of(markdown: str) -> Book:
    return a_book(an_entry(1, a_voice(markdown)))


def a_joint_entry_of_canaries() -> BookEntry:
    file = BookAttachment("canaryfile.webp", "picture", "canarydescription", picture("WEBP"))
    one = a_voice("canaryone", author_name="canaryname", role_words="canaryrole", next_step="canarystep")
    other = a_voice("canaryother", side="partner", attachments=[file], next_step_on=date(2026, 12, 1))
    third = BookVoice("", "", "", True, 1, AT, [Part("", "canarytogether")], is_together=True)
    return an_entry(
        1,
        *(one, replace(other, parts=[Part("canaryquestion", "canaryother")]), third),
        title="canarytitle",
        audience="canaryaudience",
        approaches=["canaryapproach"],
        tags=["canarytag"],
        responses=[BookResponse("canaryresponder", AT, "canaryresponse")],
    )


@in_every_form
def test_every_field_of_an_entry_is_there(make, text_of):
    book = a_book(a_joint_entry_of_canaries(), title="canarybook", owner_name="canaryowner", purpose="canarypurpose")

    text = text_of(make(book))

    assert set(re.findall("canary[a-z]+", text)) == {
        *("canarybook", "canaryowner", "canarypurpose", "canarytitle", "canaryaudience", "canaryapproach", "canarytag"),
        *("canaryname", "canaryrole", "canaryone", "canarystep", "canaryquestion", "canaryother", "canaryfile"),
        *("canarydescription", "canarytogether", "canaryresponder", "canaryresponse"),
    }


@in_every_form
def test_as_many_entries_come_out_as_went_in(make, text_of):
    entries = [an_entry(n, a_voice(f"canary{n}x"), title=f"title{n}x") for n in range(1, 61)]

    found = re.findall(r"canary(\d+)x", text_of(make(a_book(*entries))))

    assert found == [str(n) for n in range(1, 61)]


@in_every_form
def test_an_empty_book_can_be_made(make, text_of):
    assert "What we learned" in text_of(make(a_book()))


@in_every_form
def test_twenty_thousand_words_are_all_there(make, text_of):
    words = "\n\n".join(" ".join(f"w{n}x" for n in range(start, start + 100)) for start in range(0, 20_000, 100))

    found = re.findall(r"w(\d+)x", text_of(make(a_book_of(words))))

    assert found == [str(n) for n in range(20_000)]


def hostile() -> list[str]:
    naughty: list[str] = json.loads((CORPORA / "naughty_strings.json").read_text())
    return [*naughty[::4], *(CORPORA / "xss.txt").read_text(errors="replace").splitlines()[::40]]


@in_every_form
@pytest.mark.skipif(not CORPORA.exists(), reason="the corpora in ../shared are not on this machine")
def test_hostile_words_in_every_field_lose_no_other_words(make, text_of):
    entries = [
        an_entry(
            number,
            a_voice(words, author_name=words, role_words=words, parts=[Part(words, f"{words}\n\ncanary{number}x")]),
            *([] if number % 2 else [a_voice(words, side="partner", next_step=words)]),
            title=words,
            tags=[words],
            responses=[BookResponse(words, AT, words)],
        )
        for number, words in enumerate(hostile(), 1)
    ]

    made = make(a_book(*entries, title="\x00 \x0b \ufffe \ud800 <b>", owner_name=entries[9].title))

    assert {int(n) for n in re.findall(r"canary(\d+)x", text_of(made))} == {entry.number for entry in entries}
    if make is web.make:
        assert_inert(made)


def assert_inert(made: bytes) -> None:
    """Nothing in the page runs, loads or leads somewhere that is not allowed."""
    for element in html5lib.parse(made.decode()).iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {f"{XHTML}{tag}" for tag in ("script", "iframe", "object", "embed", "svg", "form")}
        assert not [name for name in element.attrib if name.lower().startswith("on") or name == "style"]
        assert element.attrib.get("href", "#").lower().startswith(("http://", "https://", "mailto:", "/", "#"))
        assert element.attrib.get("src", "data:image/").startswith("data:image/")


@pytest.mark.parametrize(
    "words", ['#read("/etc/passwd")', "$ sqrt(x) $ #panic()", ']; #import "@preview/a:1.0.0"', "@ref <label>"]
)
def test_typst_in_the_words_stays_words(words: str):
    assert words in pdf_text(pdf.make(a_book_of(f"`{words}`")))


@pytest.mark.parametrize(
    "markdown",
    [">" * 60 + " deep", "  " * 9 + "- x\n" * 9, "- " * 40 + "deep", "|a|\n|-|\n|b|", "###### six", "1. \n2. x", "---"],
)
@in_every_form
def test_odd_markdown_can_be_set(make, text_of, markdown: str):
    assert "canary" in text_of(make(a_book_of(f"{markdown}\n\ncanary")))


def test_the_pdf_is_tagged_named_and_says_its_language():
    reader = PdfReader(BytesIO(pdf.make(a_book(a_joint_entry_of_canaries()))))
    root: Any = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "What we learned"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_word_that_no_line_holds_is_broken_and_not_cut_off():
    made = pdf.make(a_book(an_entry(1, a_voice("x" * 400))))

    lines = pdf_text(made).replace("\u200b", "").splitlines()

    assert max(len(line) for line in lines) < 110
    assert "".join(lines).count("x") == 400


def test_a_high_picture_leaves_room_for_its_caption_below_it():
    made = BytesIO()
    Image.new("RGB", (300, 2400), (200, 180, 120)).save(made, "PNG")
    high = BookAttachment("strip.png", "picture", "A strip of paper", made.getvalue())

    pages = PdfReader(BytesIO(pdf.make(a_book(an_entry(1, a_voice(attachments=[high])))))).pages

    assert ["A strip of paper" in page.extract_text() for page in pages] == [False, True]


def test_the_page_of_an_entry_stands_at_the_end_of_its_line_in_the_contents():
    title = "الجمعة — Friday: السلام"
    contents = PdfReader(BytesIO(pdf.make(a_book(an_entry(1, title=title), an_entry(2))))).pages[1]
    placed: dict[str, float] = {}
    contents.extract_text(visitor_text=lambda text, cm, _tm, _font, _size: placed.setdefault(text.strip(), cm[4]))

    assert placed["3"] == pytest.approx(placed["4"], abs=1)


def test_a_picture_in_the_pdf_has_its_words():
    reader = PdfReader(BytesIO(pdf.make(a_book(a_joint_entry_of_canaries()))))

    size: Any = reader.trailer["/Size"]
    things = [thing.get_object() for thing in (reader.get_object(number) for number in range(1, size))]
    described = [thing["/Alt"] for thing in things if isinstance(thing, dict) and "/Alt" in thing]

    assert "canarydescription" in described


SCRIPTS = [
    "العربية",
    "עברית",
    "Zażółć",
    "শুক্রবার",
    "ਪੰਜਾਬੀ",
    "ગુજરાતી",
    "தமிழ்",
    "हिन्दी",
    "中文",
    "日本",
    "جمعہ",
    "Việt",
    "Ελλη",
    "Укра",
    "😀",
]


@pytest.mark.parametrize("words", SCRIPTS)
def test_scripts_are_drawn(words: str):
    assert "[U+" not in pdf_text(pdf.make(a_book_of(words)))


def test_a_sign_that_no_font_draws_is_named_and_noted():
    text = pdf_text(pdf.make(a_book_of("한")))

    assert "[U+D55C]" in text
    assert "could not be drawn" in text


@pytest.mark.parametrize("data", [b"", b"no picture", picture()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
@in_every_form
def test_a_broken_picture_is_named_and_breaks_nothing(make, text_of, data: bytes):
    file = BookAttachment("broken.png", "picture", "what it showed", data)

    assert "what it showed" in text_of(make(a_book(an_entry(1, a_voice(attachments=[file])))))


def test_the_word_document_has_headings_language_and_direction():
    document = Document(BytesIO(word.make(a_book_of("## שלום\n\nمرحبا **بكم**\n\n[away](https://example.org/)"))))

    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert (styles["The same Friday"], styles["What happened?"], styles["שלום"]) == (
        "Heading 1",
        "Heading 3",
        "Heading 4",
    )
    assert (document.core_properties.title, document.core_properties.language) == ("What we learned", "en")
    assert document.element.body.xpath("//w:p[w:pPr/w:bidi]//w:t[contains(., 'مرحبا')]")
    assert [link.address for paragraph in document.paragraphs for link in paragraph.hyperlinks] == [
        "https://example.org/"
    ]


def test_the_word_document_is_one_a_strict_reader_opens():
    with ZipFile(BytesIO(word.make(a_book(a_joint_entry_of_canaries())))) as parts:
        assert parts.testzip() is None


def test_the_data_hold_everything_under_stable_names():
    data = json.loads(plain_data.make(a_book(a_joint_entry_of_canaries())))

    assert (data["schema"], data["entry_count"], data["made_at"]) == (1, 1, "2026-11-20T18:10:00+00:00")
    assert sorted(data["entries"][0]["voices"][0]) == [
        *("attachments", "author_name", "is_own", "is_together", "next_step", "next_step_on", "parts", "role_words"),
        *("saved_at", "side", "version"),
    ]


def test_the_page_stands_alone_and_finds_each_direction():
    page = web.make(a_book(a_joint_entry_of_canaries())).decode()

    assert_inert(page.encode())
    assert '<html lang="en">' in page
    assert 'src="data:image/webp;base64,' in page
    assert '<p dir="auto">canaryone</p>' in page
