"""The one place where Markdown becomes HTML, for guides and entries: a parser without HTML, then an allow-list."""

import html
import re
from collections.abc import Sequence
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Longer texts are shown as they were typed, in paragraphs: nobody's page waits for a parser, and no word is lost.
MAX_LENGTH = 200_000

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
TEXT_DIRECTIONS = {tag: {"dir": {"auto"}} for tag in TAGS}

# http, https and mailto; a path of our own; a place on the page. "//host" and "/\host" name another site, no path.
_ADDRESS = re.compile(r"(?:https?://[^/\\]|mailto:[^/\\]|/(?![/\\])|#)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")
# What a reader cannot see and HTML does not allow; tab and newline stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def is_allowed_address(address: str) -> bool:
    """Whether a link may lead to `address` (a URL as it would stand in `href`)."""
    return _ADDRESS.match(address) is not None and _UNSEEN.search(address) is None


def normalise_newlines(text: str) -> str:
    """`text` with every line end as one newline: browsers send two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def render(text: str, *, top_heading: int = 3) -> SafeString:
    """`text` as safe HTML. Its headings begin at `<h{top_heading}>` and never skip a level, so that they fit the page.

    A line break stays a line break, HTML stays text, pictures become links, each block finds its own direction.
    """
    readable = _CONTROL.sub("", normalise_newlines(text))
    found = tokens(readable, top_heading=top_heading)
    if found is None:
        return _as_typed(readable)
    parser = _parser(top_heading)
    made: str = parser.renderer.render(found, parser.options, {})
    return mark_safe(_clean(made))  # noqa: S308  # cleaned by the allow-list above


def tokens(text: str, *, top_heading: int) -> Sequence[Token] | None:
    """`text` as markdown-it's tokens by the same rules; `None` where it must be shown as it was typed.

    That is when it is too long, or nests so deep that the parser would drop the rest of the words.
    """
    if len(text) > MAX_LENGTH:
        return None
    parser = _parser(top_heading)
    found = parser.parse(text)
    deepest = max((token.level for token in found), default=0)
    return None if deepest >= parser.options.maxNesting - 1 else found


def _as_typed(text: str) -> SafeString:
    blocks = (html.escape(block).replace("\n", "<br>") for block in re.split(r"\n{2,}", text) if block.strip())
    return mark_safe("\n".join(f'<p dir="auto">{block}</p>' for block in blocks))  # noqa: S308  # escaped just above


def _clean(made: str) -> str:
    return nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values=TEXT_DIRECTIONS,
        attribute_filter=_keep_attribute,
        link_rel="nofollow noopener",
        url_schemes={"http", "https", "mailto"},
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    return None if name == "href" and not is_allowed_address(value) else value


@cache
def _parser(top_heading: int) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": False})
    parser.enable(["table", "strikethrough"])
    # Four leading blanks are how people begin a paragraph, a line of dashes how they end one.
    # A picture would tell its host who reads.
    parser.disable(["code", "lheading", "image"])
    parser.validateLink = is_allowed_address  # type: ignore[method-assign,assignment]  # its documented way
    parser.core.ruler.push("fit_the_page", lambda state: _fit_the_page(state, top_heading))
    return parser


def _fit_the_page(state: StateCore, top_heading: int) -> None:
    """Set each block's direction, and its headings in steps of one, whatever number of marks they were typed with."""
    above: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            typed = int(token.tag[1])
            above = [*(level for level in above if level < typed), typed]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, top_heading + len(above) - 1)}"
        if token.level == 0 and token.nesting >= 0 and token.tag:
            token.attrSet("dir", "auto")
