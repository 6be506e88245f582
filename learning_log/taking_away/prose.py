"""Markdown as a tree that PDF and Word walk, by the rules of the page: no HTML, no pictures, links as allowed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from config import markdown

# Leads somewhere from a file that lies on somebody's own computer.
_ABSOLUTE = re.compile(r"https?://|mailto:", re.IGNORECASE)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Node:
    """A block or a run of words. `kind` is markdown-it's name for it; `start` numbers a list, `level` a heading."""

    kind: str
    text: str = ""
    children: Sequence["Node"] = ()
    href: str = ""
    level: int = 0
    start: int = 1
    is_rtl: bool = False


def blocks(text: str, *, top_heading: int) -> Sequence[Node]:
    """`text` as blocks; its headings begin at `top_heading` and never skip a level."""
    readable = readable_text(text)
    tokens = markdown.tokens(readable, top_heading=top_heading)
    return as_typed(readable) if tokens is None else [_node(node) for node in SyntaxTreeNode(tokens).children]


def as_typed(text: str) -> Sequence[Node]:
    """Plain text as paragraphs; a line break stays one."""
    typed = (block for block in re.split(r"\n{2,}", readable_text(text)) if block.strip())
    return [Node("paragraph", children=[*_lines(block)], is_rtl=is_rtl(block)) for block in typed]


def readable_text(text: str) -> str:
    """`text` without what neither XML nor PDF can hold: control characters, half characters, non-characters."""
    return _UNWRITABLE.sub("", markdown.normalise_newlines(text))


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left, as `dir="auto"` finds it."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((found for found in directions if found in ("L", "R", "AL")), "L") != "L"


def words_of(node: Node) -> str:
    """All words in `node`, one after the other."""
    return node.text + "".join(words_of(child) for child in node.children)


def _lines(block: str) -> Iterator[Node]:
    for number, line in enumerate(block.split("\n")):
        if number:
            yield Node("hardbreak")
        yield Node("text", line)


def _node(found: SyntaxTreeNode) -> Node:
    children = [_node(child) for child in found.children]
    return Node(
        kind="hardbreak" if found.type == "softbreak" else found.type,
        text=found.content if found.type in ("text", "code_inline", "fence") else "",
        children=children,
        href=_href(found),
        level=int(found.tag[1]) if found.type == "heading" else 0,
        start=int(found.attrs.get("start", 1)) if found.type == "ordered_list" else 1,
        is_rtl=is_rtl("".join(words_of(child) for child in children)),
    )


def _href(found: SyntaxTreeNode) -> str:
    address = str(found.attrs.get("href", "")) if found.type == "link" else ""
    return address if _ABSOLUTE.match(address) else ""
