"""Files as shops have them, made in the test that reads them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def pdf(*pages: Sequence[tuple[int, str]], stream: bytes | None = None) -> bytes:
    """A PDF by hand: each page's lines with the size of their letters. `stream`: the first page's content as it is,
    already deflated."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for number, lines in enumerate(pages):
        content = zlib.compress(_drawn(lines)) if stream is None or number else stream
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(content) + content + b"\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return _assembled(objects)


def _drawn(lines: Sequence[tuple[int, str]]) -> bytes:
    top, drawn = 800, []
    for size, text in lines:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn.append(f"BT /F1 {size} Tf 50 {top} Td ({escaped}) Tj ET")
        top -= size + 6
    return "\n".join(drawn).encode("cp1252")


def _assembled(objects: Sequence[bytes]) -> bytes:
    written = io.BytesIO(b"%PDF-1.4\n")
    written.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n" % number + content + b"\nendobj\n")
    start = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    written.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    written.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return written.getvalue()


def locked(content: bytes) -> bytes:
    """A PDF with a password."""
    writer = PdfWriter(PdfReader(io.BytesIO(content)))
    writer.encrypt("secret")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def drawing(lines: Sequence[tuple[int, str]], size: tuple[int, int] = (1000, 520)) -> Image.Image:
    """A picture of lines of text, each with the height of its letters."""
    picture = Image.new("RGB", size, "white")
    pen, top = ImageDraw.Draw(picture), 30
    for height, text in lines:
        pen.text((40, top), text, font=ImageFont.truetype(FONT, height), fill="black")
        top += int(height * (1.5 if height < 35 else 2))
    return picture


def saved(picture: Image.Image, kind: str, others: Sequence[Image.Image] = ()) -> bytes:
    """A picture as a file; as PDF with the others on pages of their own."""
    written = io.BytesIO()
    picture.save(written, kind, **({"save_all": True, "append_images": list(others)} if others else {}))
    return written.getvalue()


def word() -> bytes:
    """A document with a heading of each of two levels, a paragraph, a list and a table."""
    document = docx.Document()
    document.add_heading("Ketentuan toko", 0)
    document.add_heading("Pengembalian", 1)
    document.add_paragraph("Barang bisa dikembalikan dalam 7 hari.")
    document.add_paragraph("lengkap dengan kemasan", style="List Bullet")
    document.add_heading("Ongkos kirim", 1)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells], ("Kota", "Ongkir", "Bandung", "Rp9.000"), strict=True
    ):
        cell.text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def archive(**files: bytes) -> bytes:
    """A zip; `__` in a name is a folder's end, `_` a dot."""
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()
