"""Detects a file's format from its content and reads it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from zipfile import BadZipFile, ZipFile

from bot.knowledge.reading import html, pdf, picture, plain, word
from bot.knowledge.reading.blocks import Content, Unreadable

MAX_BYTES = 10 * 1024 * 1024

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(r"^\s*(?:<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"</(p|div|h[1-6]|table|ul|ol|li|span|section)>", re.IGNORECASE)
_MIN_TAGS = 2


def read(content: bytes, progress: Callable[[float], None]) -> Content:
    """A file's blocks. `progress` is called with the share that is done, if known. Raises Unreadable."""
    check(content)
    found = _read(content, progress)
    if not any(block.text.strip() for block in found.blocks):
        raise Unreadable("no_text")
    return found


def check(content: bytes) -> None:
    """What can be told without parsing. Raises Unreadable for an empty or too large file."""
    if not content.strip():
        raise Unreadable("empty")
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", most=MAX_BYTES // 1024**2)


def _read(content: bytes, progress: Callable[[float], None]) -> Content:
    if b"%PDF-" in content[:1024]:
        return pdf.read(content, progress)
    if content[:4] == b"PK\x03\x04":
        return _zipped(content)
    if content[:8] == _OLD_OFFICE:
        raise Unreadable("encrypted" if _ENCRYPTED_OFFICE in content else "old_office")
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return picture.read(content, progress)
    text = plain.decode(content)
    return html.read(text) if _HTML.search(text) or len(_TAGS.findall(text)) >= _MIN_TAGS else plain.read(text)


def _zipped(content: bytes) -> Content:
    try:
        names = set(ZipFile(io.BytesIO(content)).namelist())
    except BadZipFile as error:
        raise Unreadable("damaged") from error
    if "word/document.xml" in names:
        return word.read(content)
    raise Unreadable("spreadsheet" if "xl/workbook.xml" in names else "unknown_type")
