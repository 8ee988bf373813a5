"""Reads plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.reading.blocks import Block, Content, Unreadable, rows_as_lines

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_FENCE = re.compile(r"^\s*(```|~~~)")


def decode(content: bytes) -> str:
    """The text of a file. Raises Unreadable if it is not a text file."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if b"\x00" in content:
        raise Unreadable("unknown_type")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if len(_CONTROL.findall(text)) > len(text) / 100:
        raise Unreadable("unknown_type")
    return text


def read(text: str) -> Content:
    """A text's blocks, with Markdown if there is any."""
    blocks = list(_blocks(text.splitlines()))
    is_markdown = any(block.level is not None for block in blocks)
    return Content("text/markdown" if is_markdown else "text/plain", blocks)


def _blocks(lines: list[str]) -> Iterator[Block]:
    paragraph: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        following = lines[place + 1] if place + 1 < len(lines) else ""
        place += 1
        if heading := _HEADING.match(line):
            yield from _paragraph(paragraph)
            yield Block(_plain(heading[2]), len(heading[1]))
        elif line.strip() and not paragraph and (underline := _UNDERLINE.match(following)):
            yield Block(_plain(line), 1 if underline[1][0] == "=" else 2)
            place += 1
        elif "|" in line and _TABLE_RULE.match(following):
            yield from _paragraph(paragraph)
            end = next((n for n in range(place + 1, len(lines)) if "|" not in lines[n]), len(lines))
            yield from rows_as_lines([_cells(row) for row in (line, *lines[place + 1 : end])])
            place = end
        elif not line.strip() or _FENCE.match(line):
            yield from _paragraph(paragraph)
        else:
            paragraph.append(_plain(line.strip()))
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> Iterator[Block]:
    if lines:
        yield Block("\n".join(lines))
        lines.clear()


def _cells(row: str) -> list[str]:
    return [_plain(cell.strip()) for cell in row.strip().strip("|").split("|")]


def _plain(text: str) -> str:
    """Without emphasis; a link as its text, followed by its URL if that is on the web."""
    text = _LINK.sub(lambda link: f"{link[1]} ({link[2]})" if link[2].startswith("http") else link[1], text)
    return _EMPHASIS.sub(r"\2", text).strip()
