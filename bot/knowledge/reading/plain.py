"""Reads plain text and Markdown, in time proportional to its length: lines may have millions of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.reading.blocks import Block, Content, Unreadable, rows_as_lines

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(\S.*)$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
_TABLE_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?$")
# No brackets inside, so that a search ends at the next bracket.
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\[\]\s]*)[^()\[\]]*\)")
_EMPHASIS = re.compile(r"\*\*|__|\*|`")
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
            yield Block(_plain(heading[2].rstrip().rstrip("#")), len(heading[1]))
        elif line.strip() and not paragraph and (underline := _UNDERLINE.match(following)):
            yield Block(_plain(line), 1 if underline[1][0] == "=" else 2)
            place += 1
        elif "|" in line and _TABLE_RULE.match(following.strip()):
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
    return _without_emphasis(text).strip()


def _without_emphasis(text: str) -> str:
    """Without pairs of marks that enclose text, as in `**Open** on _Sundays_`; other marks stay, as in `2 * 3 * 4`."""
    opened: dict[str, re.Match[str]] = {}
    marks: list[re.Match[str]] = []
    for mark in _EMPHASIS.finditer(text):
        is_closing = not text[mark.start() - 1 : mark.start()].isspace() and mark.start() > 0
        opening = opened.get(mark[0])
        if opening and is_closing and mark.start() > opening.end():
            marks += [opening, mark]
            opened = {kind: outer for kind, outer in opened.items() if outer.start() < opening.start()}
        elif opening is None and not text[mark.end() : mark.end() + 1].isspace() and mark.end() < len(text):
            opened[mark[0]] = mark
    kept, end = [], 0
    for mark in sorted(marks, key=re.Match.start):
        kept.append(text[end : mark.start()])
        end = mark.end()
    return "".join(kept) + text[end:]
