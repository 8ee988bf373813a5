"""Reads Word documents (.docx) as Word shows them with all changes accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from bot.knowledge.reading.blocks import Block, Content, Unreadable, rows_as_lines
from bot.knowledge.reading.word_styles import Element, Styles, find, findall, name_of, value_of
from bot.knowledge.reading.word_text import ABSENT, CONTAINERS, Line, Lines, chosen

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_FILES = 2_000

_MAX_COLUMNS = 100
_MAX_DEPTH = 20


def read(content: bytes) -> Content:
    """A document's headings, paragraphs, list items, table rows, text boxes and notes. Raises Unreadable."""
    _refuse_bombs(content)
    try:
        document = docx.Document(io.BytesIO(content))
        reader = _Reader(document)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, BadZipFile, SyntaxError) as error:
        raise Unreadable("damaged") from error
    found = Content(MEDIA_TYPE, [*reader.blocks(document.element.body), *reader.rest()])
    if reader.damaged:
        found.warn("parts_damaged", parts=reader.damaged)
    if reader.lines.pictures:
        found.warn("pictures_left_out", pictures=reader.lines.pictures)
    return found


def _refuse_bombs(content: bytes) -> None:
    """By the sizes in the archive's directory, which zipfile does not exceed when it unpacks."""
    try:
        files = ZipFile(io.BytesIO(content)).infolist()
    except BadZipFile as error:
        raise Unreadable("damaged") from error
    if len(files) > MAX_FILES or sum(file.file_size for file in files) > MAX_UNPACKED_BYTES:
        raise Unreadable("too_much_inside")


class _Reader:
    """Walks a document once. `damaged`: the number of paragraphs and tables that could not be read."""

    def __init__(self, document: Document) -> None:
        self._styles = Styles(document.styles.element)
        self.lines = Lines(self._styles, _notes(document))
        self.damaged = 0
        self._waiting = ""  # of paragraphs whose end was deleted

    def blocks(self, container: Element, depth: int = 0) -> Iterator[Block]:
        """The blocks of a body, a cell or a text box, in order."""
        if depth > _MAX_DEPTH:
            self.damaged += 1
            return
        for part in container:
            name = name_of(part)
            if name in ABSENT:
                continue
            if name in ("p", "tbl"):
                yield from self._read(part, depth)
            elif name == "altChunk":
                self.damaged += 1
            elif name in CONTAINERS:
                yield from self.blocks(chosen(part), depth + 1)

    def rest(self) -> list[Block]:
        """The text of a last paragraph whose end was deleted."""
        return [Block(self._waiting.strip())] if self._waiting.strip() else []

    def _read(self, part: Element, depth: int) -> list[Block]:
        """The blocks of a paragraph or table; none if it cannot be read, so that the others still are."""
        try:
            return list(self._paragraph(part, depth) if name_of(part) == "p" else self._table(part, depth))
        except (ValueError, IndexError, AttributeError, RecursionError):
            self.damaged += 1
            return []

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[Block]:
        line = self.lines.of(paragraph)
        self._waiting += line.text
        if not line.goes_on:
            text, self._waiting = self._waiting.strip(), ""
            if text:
                yield self._block(paragraph, text)
        yield from self._beside(line, depth)

    def _beside(self, line: Line, depth: int) -> Iterator[Block]:
        """Text boxes and notes, after the paragraph that they stand in."""
        for box in line.boxes:
            waiting, self._waiting = self._waiting, ""
            yield from self.blocks(box, depth + 1)
            self._waiting = waiting

    def _block(self, paragraph: Element, text: str) -> Block:
        level = self._styles.level_of(paragraph)
        if level is not None:
            return Block(text, level)
        return Block(f"- {text}" if self._styles.is_list_item(paragraph) else text)

    def _table(self, table: Element, depth: int) -> Iterator[Block]:
        """The rows as lines with column names, each followed by the tables in its cells."""
        rows: list[list[str]] = []
        inner: list[list[Block]] = []
        for row in _rows(table):
            cells, nested = self._row(row, rows[-1] if rows else [], is_first=not rows, depth=depth)
            rows.append(cells)
            inner.append(nested)
        lines = rows_as_lines(rows)
        if len(rows) != len(lines):  # the first row's names are in the lines of the others
            yield from inner[0]
            inner = inner[1:]
        for line, nested in zip(lines, inner, strict=True):
            yield line
            yield from nested

    def _row(self, row: Element, above: list[str], is_first: bool, depth: int) -> tuple[list[str], list[Block]]:
        """The texts of a row's cells by column, and the blocks of the tables in them. A cell that is merged with the
        one above has its text; one over several columns names all of them."""
        properties = find(row, "trPr")
        cells = [""] * min(int(value_of(properties, "gridBefore") or 0), _MAX_COLUMNS)
        nested: list[Block] = []
        for cell in _cells(row):
            place = find(cell, "tcPr")
            text, tables = self._cell(cell, depth)
            nested += tables
            merged = find(place, "vMerge")
            if merged is not None and value_of(place, "vMerge") in (None, "continue") and len(cells) < len(above):
                text = text or above[len(cells)]
            span = min(max(int(value_of(place, "gridSpan") or 1), 1), _MAX_COLUMNS)
            cells += [text] + [text if is_first else ""] * (span - 1)
        return cells, nested

    def _cell(self, cell: Element, depth: int) -> tuple[str, list[Block]]:
        """A cell's own text, and the blocks of the tables in it."""
        texts: list[str] = []
        tables: list[Block] = []
        for part in _parts(cell):
            found = self._read(part, depth + 1) if depth < _MAX_DEPTH else []
            if name_of(part) == "tbl":
                tables += found
            else:
                texts += [block.text for block in found]
        return " ".join(texts), tables


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table that are not deleted."""
    for row in _unwrapped(table, "tr"):
        if find(find(row, "trPr"), "del") is None:
            yield row


def _cells(row: Element) -> Iterator[Element]:
    for cell in _unwrapped(row, "tc"):
        if find(find(cell, "tcPr"), "cellDel") is None:
            yield cell


def _parts(container: Element) -> Iterator[Element]:
    """The paragraphs and tables of a cell."""
    for part in container:
        name = name_of(part)
        if name in ("p", "tbl"):
            yield part
        elif name in CONTAINERS:
            yield from _parts(chosen(part))


def _unwrapped(container: Element, wanted: str) -> Iterator[Element]:
    """The children of a kind, also those in content controls and insertions."""
    for part in container:
        name = name_of(part)
        if name == wanted:
            yield part
        elif name in CONTAINERS:
            yield from _unwrapped(chosen(part), wanted)


def _notes(document: Document) -> dict[tuple[str, str], Element]:
    """Footnotes and endnotes, by kind and id."""
    found = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in ("footnotes", "endnotes") and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for note in findall(etree.fromstring(relation.target_part.blob, parser), kind[:-1]):
                found[kind[:-1], value_of(note, None, "id") or ""] = note
    return found
