"""Reads PDF files: their text, tables and form fields, and by OCR the pictures that take up much of a page."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pypdf import PageObject, PasswordType, PdfReader

from bot.knowledge.reading import pdf_fields, pdf_tables, pdf_text, picture
from bot.knowledge.reading.blocks import Block, Content, Unreadable

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 500
MAX_SCANNED_PAGES = picture.MAX_SCANNED_PAGES

_MIN_LETTERS = 16  # a page with fewer and without pictures that can be read is empty
_MIN_PICTURE = 0.15  # of the page; smaller pictures are not read
_MIN_SCAN = 0.5  # of the page; a larger picture without text is warned of
_MIN_STROKES = 200  # text may be drawn as outlines
_HEADING_SIZE = 1.15  # relative to the most frequent size
_MAX_HEADING_LENGTH = 120
_ENDS = (".", "!", "?", ":", ";", "…")
_INVISIBLE = 3  # the mode in which scanners write the text that they recognised
_STROKES = (b"l", b"c", b"v", b"y", b"re")


class _Line(NamedTuple):
    """A line with the size of its largest letters and where it begins, in points; a row of a table is `is_whole`."""

    text: str
    size: float
    left: float = 0
    bottom: float = 0
    is_whole: bool = False


def read(content: bytes, progress: Callable[[float], None]) -> Content:
    """A PDF's blocks. `progress` is called with the share of pages read. Raises Unreadable."""
    pages = _pages(content)
    if len(pages) > MAX_PAGES:
        raise Unreadable("too_many_pages", most=MAX_PAGES)
    found = Content(MEDIA_TYPE, pages=len(pages))
    read = [_Page(page) for page in pages]
    scanned = damaged = 0
    for number, page in enumerate(read):
        try:
            scanned += page.read(with_pictures=scanned < MAX_SCANNED_PAGES)
        except MemoryError:
            raise
        except Exception:  # pypdf and Pillow raise many kinds of errors
            damaged += 1
        progress((number + 1) / len(read))
    usual = _usual_size(line for page in read for line in page.lines)
    for page in read:
        found.blocks += [*_blocks(page.lines, usual), *page.blocks]
    _warn(found, read, scanned, damaged)
    if not found.blocks and any(page.is_garbled for page in read):
        raise Unreadable("garbled")
    return found


def _warn(found: Content, read: Sequence[_Page], scanned: int, damaged: int) -> None:
    if scanned > MAX_SCANNED_PAGES:
        found.warn("scanned_pages_left_out", read=MAX_SCANNED_PAGES, left_out=scanned - MAX_SCANNED_PAGES)
    if damaged:
        found.warn("pages_damaged", pages=damaged)
    if garbled := sum(page.is_garbled for page in read):
        found.warn("pages_garbled", pages=garbled)
    if unread := sum(page.is_unread for page in read):
        found.warn("pages_without_text", pages=unread)


def _pages(content: bytes) -> Sequence[PageObject]:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Unreadable("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise Unreadable("too_many_pages", most=MAX_PAGES)
        return list(reader.pages)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable("damaged") from error


class _Page:
    """A page with its lines of text, and the blocks of its pictures. `is_garbled`: its letters are unknown;
    `is_unread`: there is something on it, but no text was found."""

    def __init__(self, page: PageObject) -> None:
        self._page = page
        self._pictures: dict[str, float] = {}  # the share of the page that each takes up
        self._strokes = self._inline = 0
        self._has_own_recognition = False
        self.lines: list[_Line] = []
        self.blocks: list[Block] = []
        self.is_garbled = self.is_unread = False

    def read(self, with_pictures: bool) -> bool:
        """Read the page; returns whether it has pictures to read, which are read only `with_pictures`."""
        lines = self._lines()
        self.is_garbled = pdf_text.is_gibberish("\n".join(line.text for line in lines))
        self.lines = [] if self.is_garbled else self._with_values(self._with_tables(lines))
        large = [name for name, share in self._pictures.items() if share >= _MIN_PICTURE]
        is_scanned = bool(large) and not (self._has_own_recognition and self._has_text)
        if is_scanned and with_pictures:
            self.blocks = [block for name in large for block in self._recognised(name)]
        is_drawn = max(self._pictures.values(), default=0) >= _MIN_SCAN or self._strokes >= _MIN_STROKES
        was_tried = with_pictures or not is_scanned
        self.is_unread = is_drawn and was_tried and not (self._has_text or self.blocks or self.is_garbled)
        return is_scanned

    @property
    def _has_text(self) -> bool:
        return sum(len(line.text) for line in self.lines) >= _MIN_LETTERS

    def _recognised(self, name: str) -> Iterator[Block]:
        parts = name.split("\n")
        image = self._page.images[name if len(parts) == 1 else parts]
        if image.image is not None:
            yield from picture.blocks(picture.not_too_large(image.image))

    def _lines(self) -> list[_Line]:
        """The page's lines, and on the way its pictures."""
        lines: list[_Line] = [_Line("", 0)]

        def visit(text: str, outer: Sequence[float], matrix: Sequence[float], __: Any, size: float) -> None:
            height = abs(size * (matrix[3] or matrix[0] or 1))
            left, bottom = (matrix[4] * outer[n] + matrix[5] * outer[n + 2] + outer[n + 4] for n in (0, 1))
            for number, part in enumerate(text.split("\n")):
                if number:
                    lines.append(_Line("", 0))
                if part.strip():
                    line = lines[-1]
                    place = (line.left, line.bottom) if line.text.strip() else (left, bottom)
                    lines[-1] = _Line(line.text + part, max(line.size, height), *place)

        self._page.extract_text(visitor_text=visit, visitor_operand_before=self._see)
        return [line._replace(text=" ".join(line.text.split())) for line in lines if line.text.strip()]

    def _see(self, operator: bytes, operands: Any, matrix: Sequence[float], _: Any) -> None:
        """Note pictures, strokes and the text that a scanner wrote under its picture."""
        if operator == b"Do" and operands:
            self._see_picture(str(operands[0]).removeprefix("/"), matrix)
        elif operator == b"INLINE IMAGE":
            self._see_picture(f"~{self._inline}~", matrix)
            self._inline += 1
        elif operator == b"Tr" and operands and operands[0] == _INVISIBLE:
            self._has_own_recognition = True
        self._strokes += operator in _STROKES

    def _see_picture(self, name: str, matrix: Sequence[float]) -> None:
        """Note how much of the page a picture takes up; one in a form is known by the last part of its key."""
        keys = self._page.images.keys()
        key = next((key for key in keys if (key if isinstance(key, str) else key[-1]).removeprefix("/") == name), None)
        if key is None:
            return
        page = float(self._page.mediabox.width) * float(self._page.mediabox.height)
        area = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        name = key if isinstance(key, str) else "\n".join(key)
        self._pictures[name] = max(self._pictures.get(name, 0), area / page if page else 0)

    def _with_tables(self, lines: list[_Line]) -> list[_Line]:
        """The lines, with rows in place of those of tables."""
        if len(lines) < 2:
            return lines
        for table in pdf_tables.tables(self._page.extract_text(extraction_mode="layout")):
            places = [n for n, line in enumerate(lines) if pdf_tables.without_spaces(line.text) in table.texts]
            if not places:
                continue
            usual = lines[places[0]]
            rows = [usual._replace(text=block.text, is_whole=True) for block in table.blocks()]
            kept = [line for n, line in enumerate(lines) if n not in places]
            lines = [*kept[: places[0]], *rows, *kept[places[0] :]]
        return lines

    def _with_values(self, lines: list[_Line]) -> list[_Line]:
        """The lines with the values of form fields: in the line left of the field, else in one of their own."""
        for value in pdf_fields.values(self._page):
            beside = [n for n, line in enumerate(lines) if value.bottom <= line.bottom <= value.top]
            left = [n for n in beside if lines[n].left <= value.left]
            if left:
                place = max(left, key=lambda n: lines[n].left)
                lines[place] = lines[place]._replace(text=f"{lines[place].text} {value.text}")
            else:
                named = f"{value.name}: {value.text}" if value.name else value.text
                place = next((n for n, line in enumerate(lines) if line.bottom < value.bottom), len(lines))
                lines.insert(place, _Line(named, 0, value.left, value.bottom, is_whole=True))
        return lines


def _usual_size(lines: Iterator[_Line]) -> float:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0


def _blocks(lines: Sequence[_Line], usual: float) -> Iterator[Block]:
    """Lines in larger letters are headings; other lines are joined until one ends a sentence."""
    paragraph: list[str] = []
    for line in lines:
        if line.is_whole:
            yield from _paragraph(paragraph)
            yield Block(line.text)
            continue
        if usual and line.size > _HEADING_SIZE * usual and len(line.text) <= _MAX_HEADING_LENGTH:
            yield from _paragraph(paragraph)
            yield Block(line.text, 1 if line.size > 1.5 * usual else 2)
            continue
        paragraph.append(line.text)
        if line.text.endswith(_ENDS):
            yield from _paragraph(paragraph)
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> Iterator[Block]:
    if lines:
        yield Block(pdf_text.joined(lines))
        lines.clear()
