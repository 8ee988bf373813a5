"""Reads text in pictures by OCR, with the model included in the package rapidocr."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from bot.knowledge.reading.blocks import Block, Content, Unreadable

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif", "BMP": "image/bmp",
           "TIFF": "image/tiff"}  # fmt: skip
MAX_SCANNED_PAGES = 30
MAX_PIXELS = 50_000_000
_MAX_SIDE = 2_000
_SURE_ENOUGH = 0.6
_HEADING_HEIGHT = 1.35  # relative to the median height of lines
_PARAGRAPH_GAP = 1.0
_MIN_LETTERS = 3


class Line(NamedTuple):
    """A line of text with its position in pixels."""

    text: str
    left: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def read(content: bytes, progress: Callable[[float], None]) -> Content:
    """A picture's text as blocks, of a TIFF that of all its pages. `progress` is called with the share of pages read.
    Raises Unreadable."""
    picture = opened(content)
    pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    found = Content(FORMATS[picture.format or ""], pages=pages)
    damaged = 0
    for number in range(min(pages, MAX_SCANNED_PAGES)):
        try:
            if number:
                picture.seek(number)
                not_too_large(picture)
            found.blocks += blocks(picture)
        except (Unreadable, OSError, ValueError, SyntaxError):
            if pages == 1:
                raise
            damaged += 1
        progress((number + 1) / min(pages, MAX_SCANNED_PAGES))
    if pages > MAX_SCANNED_PAGES:
        found.warn("scanned_pages_left_out", read=MAX_SCANNED_PAGES, left_out=pages - MAX_SCANNED_PAGES)
    if damaged:
        found.warn("pages_damaged", pages=damaged)
    if sum(len(block.text) for block in found.blocks) < _MIN_LETTERS:
        raise Unreadable("no_text_in_picture")
    return found


def opened(content: bytes) -> Image.Image:
    """The picture, not yet decoded. Raises Unreadable if it is damaged or has more than 50 million pixels."""
    try:
        picture = Image.open(io.BytesIO(content), formats=list(FORMATS))
    except Image.DecompressionBombError as error:
        raise Unreadable("picture_too_large") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable("damaged") from error
    return not_too_large(picture)


def not_too_large(picture: Image.Image) -> Image.Image:
    """The picture. Raises Unreadable if it has too many pixels."""
    if picture.width * picture.height > MAX_PIXELS:
        raise Unreadable("picture_too_large")
    return picture


def blocks(picture: Image.Image) -> Iterator[Block]:
    """The text of a picture. Higher lines are headings, and wide gaps separate paragraphs."""
    try:
        picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable("damaged") from error
    picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    found = list(_lines(_engine()(np.asarray(picture)[:, :, ::-1])))
    usual = median(line.height for line in found) if found else 0
    paragraph: list[Line] = []
    for line in found:
        is_heading = len(found) > 1 and line.height > _HEADING_HEIGHT * usual
        if paragraph and (is_heading or line.top - paragraph[-1].bottom > _PARAGRAPH_GAP * usual):
            yield Block(" ".join(part.text for part in paragraph))
            paragraph = []
        if is_heading:
            yield Block(line.text, 2)
        else:
            paragraph.append(line)
    if paragraph:
        yield Block(" ".join(part.text for part in paragraph))


def _lines(read: Any) -> Iterator[Line]:
    """The model's boxes, joined to lines from left to right."""
    if read.boxes is None:
        return
    boxes = [
        Line(text, box[:, 0].min(), box[:, 1].min(), box[:, 1].max())
        for box, text, score in zip(read.boxes, read.txts, read.scores, strict=True)
        if score >= _SURE_ENOUGH and text.strip()
    ]
    row: list[Line] = []
    for box in sorted(boxes, key=lambda box: (box.top + box.bottom) / 2):
        if row and (box.top + box.bottom) / 2 > row[0].bottom:
            yield _joined(row)
            row = []
        row.append(box)
    if row:
        yield _joined(row)


def _joined(row: Sequence[Line]) -> Line:
    row = sorted(row, key=lambda box: box.left)
    text = " ".join(box.text for box in row)
    return Line(text, row[0].left, min(box.top for box in row), float(median(box.bottom for box in row)))


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
