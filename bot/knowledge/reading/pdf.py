"""Reads PDF files: their text, and scanned pages by OCR."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pypdf import PageObject, PasswordType, PdfReader

from bot.knowledge.reading import picture
from bot.knowledge.reading.blocks import Block, Content, Unreadable

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 500
MAX_SCANNED_PAGES = 30

_MIN_LETTERS = 16  # a page with fewer and with a picture is a scanned one
_HEADING_SIZE = 1.15  # relative to the most frequent size
_MAX_HEADING_LENGTH = 120
_ENDS = (".", "!", "?", ":", ";", "…")


class _Line(NamedTuple):
    text: str
    size: float


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
        found.blocks += page.blocks or _blocks(page.lines, usual)
    if scanned > MAX_SCANNED_PAGES:
        found.warn("scanned_pages_left_out", read=MAX_SCANNED_PAGES, left_out=scanned - MAX_SCANNED_PAGES)
    if damaged:
        found.warn("pages_damaged", pages=damaged)
    return found


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
    """A page with its lines of text, or with the blocks of its pictures."""

    def __init__(self, page: PageObject) -> None:
        self._page = page
        self.lines: list[_Line] = []
        self.blocks: list[Block] = []

    def read(self, with_pictures: bool) -> bool:
        """Read the page; returns whether it is a scanned one, which is read only `with_pictures`."""
        self.lines = _lines(self._page)
        if sum(len(line.text) for line in self.lines) >= _MIN_LETTERS or not self._page.images.keys():
            return False
        if with_pictures:
            for image in self._page.images:
                if image.image is not None:
                    self.blocks += picture.blocks(picture.not_too_large(image.image))
        return True


def _lines(page: PageObject) -> list[_Line]:
    """The page's lines with the size of their largest letters."""
    lines: list[_Line] = [_Line("", 0)]

    def visit(text: str, _: Any, matrix: Sequence[float], __: Any, size: float) -> None:
        height = abs(size * (matrix[3] or matrix[0] or 1))
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append(_Line("", 0))
            if part.strip():
                lines[-1] = _Line(lines[-1].text + part, max(lines[-1].size, height))

    page.extract_text(visitor_text=visit)
    return [line for line in lines if line.text.strip()]


def _usual_size(lines: Iterator[_Line]) -> float:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0


def _blocks(lines: Sequence[_Line], usual: float) -> Iterator[Block]:
    """Lines in larger letters are headings; other lines are joined until one ends a sentence."""
    paragraph: list[str] = []
    for line in lines:
        text = " ".join(line.text.split())
        if usual and line.size > _HEADING_SIZE * usual and len(text) <= _MAX_HEADING_LENGTH:
            yield from _paragraph(paragraph)
            yield Block(text, 1 if line.size > 1.5 * usual else 2)
            continue
        paragraph.append(text)
        if text.endswith(_ENDS):
            yield from _paragraph(paragraph)
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> Iterator[Block]:
    if lines:
        yield Block(" ".join(lines))
        lines.clear()
