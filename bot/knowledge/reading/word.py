"""Reads Word documents (.docx)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from bot.knowledge.reading.blocks import Block, Content, Unreadable, rows_as_lines

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_FILES = 2_000

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read(content: bytes) -> Content:
    """A document's headings, paragraphs, list items and table rows. Raises Unreadable."""
    _refuse_bombs(content)
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, BadZipFile, SyntaxError) as error:
        raise Unreadable("damaged") from error
    return Content(MEDIA_TYPE, list(_blocks(document)))


def _refuse_bombs(content: bytes) -> None:
    """By the sizes in the archive's directory, which zipfile does not exceed when it unpacks."""
    try:
        files = ZipFile(io.BytesIO(content)).infolist()
    except BadZipFile as error:
        raise Unreadable("damaged") from error
    if len(files) > MAX_FILES or sum(file.file_size for file in files) > MAX_UNPACKED_BYTES:
        raise Unreadable("too_much_inside")


def _blocks(document: Document) -> Iterator[Block]:
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from rows_as_lines([[cell.text for cell in row.cells] for row in part.rows])
        elif part.text.strip():
            yield _of_paragraph(part)


def _of_paragraph(paragraph: Paragraph) -> Block:
    style = (paragraph.style.name if paragraph.style else None) or ""
    if style.lower() == "title":
        return Block(paragraph.text, 0)
    if heading := _HEADING.fullmatch(style):
        return Block(paragraph.text, int(heading[1]))
    return Block(f"- {paragraph.text}" if style.lower().startswith("list") else paragraph.text)
