"""A book as a Word document: real headings, lists, quotations and links; title and language in their place."""

from collections.abc import Sequence
from io import BytesIO
from typing import cast

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from learning_log.taking_away import pictures, prose, wording
from learning_log.taking_away.book import Book, BookAttachment, BookEntry, BookVoice

INK, SOFT = RGBColor(0x1D, 0x29, 0x2C), RGBColor(0x48, 0x55, 0x5A)
SIDES = {"professional": RGBColor(0x6A, 0x37, 0x62), "partner": RGBColor(0x65, 0x4A, 0x00), "": INK}
SERIF = "Georgia"
# Word's own lists go no deeper.
DEEPEST_LIST = 3
# Word refuses a core title that is longer.
LONGEST_PROPERTY = 255


def make(book: Book) -> bytes:
    """The book as .docx. The voices of a joint entry follow one another: a table would be a worse read for many."""
    document = Document()
    _set_up(document, book)
    title = prose.readable_text(book.title) or _("Learning log")
    _add(document, title, "Title")
    _quiet(document, book.purpose)
    _quiet(document, wording.made(book))
    for entry in book.entries:
        _add_entry(document, entry)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _set_up(document: Doc, book: Book) -> None:
    properties = document.core_properties
    properties.title = prose.readable_text(book.title)[:LONGEST_PROPERTY] or _("Learning log")
    properties.author = prose.readable_text(book.owner_name)[:LONGEST_PROPERTY]
    properties.language = book.language
    properties.created = properties.modified = book.made_at.replace(tzinfo=None)
    properties.comments = ""
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH:
            _set_style(cast(ParagraphStyle, style), book.language)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)


def _set_style(style: ParagraphStyle, language: str) -> None:
    style.font.name = SERIF
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(spoken)
    if style.name and style.name.startswith(("Heading", "Title")):
        style.font.color.rgb = INK
        style.font.bold = style.name not in ("Title", "Heading 1")
    if style.name == "Normal":
        style.font.size = Pt(11.5)


def _add_entry(document: Doc, entry: BookEntry) -> None:
    day = wording.day(entry.happened_on)
    heading = _add(document, prose.readable_text(entry.title) or day, "Heading 1")
    heading.paragraph_format.page_break_before = True
    _turn(heading, entry.title)
    _quiet(document, " · ".join(filter(None, [day, wording.themes(entry)])))
    _quiet(document, entry.audience)
    for voice in [*entry.spread, *entry.together]:
        _add_voice(document, voice)
    if entry.responses:
        _add(document, wording.responses_heading(), "Heading 2")
    for response in entry.responses:
        _quiet(document, wording.response_by(response))
        _add_blocks(document, prose.as_typed(response.text))


def _add_voice(document: Doc, voice: BookVoice) -> None:
    heading = _add(document, prose.readable_text(wording.voice_name(voice)), "Heading 2")
    for run in heading.runs:
        run.font.color.rgb = SIDES[voice.side]
    _quiet(document, voice.role_words)
    for part in voice.parts:
        question = prose.readable_text(part.question).strip()
        if question:
            _turn(_add(document, question, "Heading 3"), question)
        _add_blocks(document, prose.blocks(part.markdown, top_heading=4 if question else 3))
    if step := prose.readable_text(wording.next_step(voice)):
        _turn(document.add_paragraph(step), step)
    for file in voice.attachments:
        _add_attachment(document, file)
    _quiet(document, wording.voice_version(voice))


def _add_attachment(document: Doc, file: BookAttachment) -> None:
    found = pictures.format_of(file.data) if file.kind == "picture" and file.data else None
    if found and file.data:
        data = pictures.as_png(file.data) if found == "webp" else file.data
        shape = document.add_picture(BytesIO(data))
        if shape.width > Cm(14):
            shape.width, shape.height = Cm(14), int(shape.height * Cm(14) / shape.width)
        described = prose.readable_text(file.words or wording.attachment(file))
        shape._inline.docPr.set("descr", described)
    _quiet(document, wording.attachment(file))
    _add_blocks(document, prose.as_typed(file.words))


def _add(document: Doc, text: str, style: str) -> Paragraph:
    """A paragraph in `style`, named by its id: python-docx looks through all styles for a name, each time."""
    paragraph = document.add_paragraph(text)
    paragraph._p.style = style.replace(" ", "")
    return paragraph


def _quiet(document: Doc, text: str) -> None:
    if readable := prose.readable_text(text):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(readable)
        run.font.size, run.font.color.rgb = Pt(9.5), SOFT
        _turn(paragraph, readable)


def _add_blocks(document: Doc, nodes: Sequence[prose.Node], style: str = "Normal", depth: int = 0) -> None:
    """Write `nodes`. `style` is what a plain paragraph takes here, `depth` how many lists it is in."""
    for node in nodes:
        if node.kind in ("bullet_list", "ordered_list"):
            _add_list(document, node, depth + 1)
        elif node.kind == "blockquote":
            _add_blocks(document, node.children, "Quote", depth)
        elif node.kind == "table":
            _add_table(document, node)
        elif node.kind == "hr":
            document.add_paragraph("⁂")
        else:
            _add_paragraph(document, node, f"Heading {node.level}" if node.kind == "heading" else style)


def _add_list(document: Doc, node: prose.Node, depth: int) -> None:
    """A bullet comes from Word's style; a number is written out, since Word would count on from list to list."""
    kind = "List Bullet" if node.kind == "bullet_list" else "List Continue"
    level = min(depth, DEEPEST_LIST)
    style = kind if level == 1 else f"{kind} {level}"
    for number, item in enumerate(node.children, node.start):
        first, *rest = item.children or [prose.Node("paragraph")]
        if first.kind == "paragraph":
            _add_paragraph(document, first, style, f"{number}. " if node.kind == "ordered_list" else "")
        else:
            rest = [first, *rest]
        _add_blocks(document, rest, f"List Continue {level}" if level > 1 else "List Continue", depth)


def _add_table(document: Doc, node: prose.Node) -> None:
    lines = [line for part in node.children for line in part.children]
    table = document.add_table(len(lines), max(len(line.children) for line in lines), style="Table Grid")
    for line, row in zip(lines, table.rows, strict=True):
        for cell, place in zip(line.children, row.cells, strict=False):
            _write(place.paragraphs[0], cell.children)
            _turn(place.paragraphs[0], prose.words_of(cell))
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)


def _add_paragraph(document: Doc, node: prose.Node, style: str, before: str = "") -> None:
    paragraph = _add(document, before, style)
    if node.kind == "fence":
        paragraph.add_run(node.text).font.name = "Consolas"
    _write(paragraph, node.children)
    if node.is_rtl:
        _set_rtl(paragraph)


def _write(
    paragraph: Paragraph, nodes: Sequence[prose.Node], marks: frozenset[str] = frozenset(), href: str = ""
) -> None:
    for node in nodes:
        if node.kind == "hardbreak":
            paragraph.add_run().add_break()
        elif node.text:
            _dress(paragraph.add_run(node.text), marks | {node.kind}, paragraph, href)
        _write(paragraph, node.children, marks | {node.kind}, node.href or href)


def _dress(run: Run, marks: frozenset[str], paragraph: Paragraph, href: str) -> None:
    run.bold, run.italic, run.font.strike = "strong" in marks or None, "em" in marks or None, "s" in marks or None
    if "code_inline" in marks:
        run.font.name = "Consolas"
    if prose.is_rtl(run.text):
        run.font.rtl = True
    if href:
        run.font.underline = True
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run._r.addprevious(link)
        link.append(run._r)


def _turn(paragraph: Paragraph, text: str) -> None:
    if prose.is_rtl(text):
        _set_rtl(paragraph)


def _set_rtl(paragraph: Paragraph) -> None:
    """The paragraph, and each run of it in such a script, from right to left."""
    direction = OxmlElement("w:bidi")
    paragraph._p.get_or_add_pPr().append(direction)
    for run in paragraph.runs:
        run.font.rtl = prose.is_rtl(run.text) or None
