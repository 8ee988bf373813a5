"""Reads the visible text of HTML."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from bot.knowledge.reading.blocks import Block, Content, rows_as_lines

_UNSEEN = ["script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "nav", "form", "head"]
_BREAK = "\r"  # stands for <br>; line breaks of the source have no meaning
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary", "ul",
})  # fmt: skip


def read(text: str) -> Content:
    """A page's headings, paragraphs, list items and table rows. Links are not followed."""
    soup = BeautifulSoup(text.replace(_BREAK, "\n"), "lxml")
    for line_break in soup("br"):
        line_break.replace_with(_BREAK)
    for unseen in soup(_UNSEEN) + soup.select("[hidden]"):
        unseen.extract()
    return Content("text/html", list(_blocks(soup)))


def text_of(markup: str) -> str:
    """The text of a piece of HTML, one block per line."""
    return "\n".join(block.text for block in read(markup).blocks)


def _blocks(parent: Tag) -> Iterator[Block]:
    inline: list[str] = []
    for child in parent.children:
        if isinstance(child, Tag) and _is_block(child):
            yield from _paragraph(inline)
            yield from _of_block(child)
        elif isinstance(child, Tag):
            inline.append(child.get_text())
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            inline.append(str(child))
    yield from _paragraph(inline)


def _is_block(tag: Tag) -> bool:
    return (
        tag.name in _BLOCKS or tag.name in _HEADINGS or tag.name == "table" or tag.find([*_BLOCKS, "table"]) is not None
    )


def _of_block(tag: Tag) -> Iterator[Block]:
    if tag.name in _HEADINGS:
        yield Block(" ".join(tag.get_text(" ").split()), _HEADINGS[tag.name])
    elif tag.name == "table":
        yield from rows_as_lines(
            [[cell.get_text(" ") for cell in row.find_all(["th", "td"])] for row in tag.find_all("tr")]
        )
    elif tag.name == "li" and not tag.find([*_BLOCKS, "table"]):
        yield Block("- " + " ".join(tag.get_text(" ").split()))
    else:
        yield from _blocks(tag)


def _paragraph(inline: list[str]) -> Iterator[Block]:
    lines = (" ".join(line.split()) for line in "".join(inline).split(_BREAK))
    text = "\n".join(line for line in lines if line)
    if text:
        yield Block(text)
    inline.clear()
