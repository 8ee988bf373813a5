"""Word documents are read as Word shows them with all changes accepted."""

from __future__ import annotations

import io
import re

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.knowledge.reading.reader import Reading, read

NAMESPACES = (
    nsdecls("w", "wp", "a", "r", "m")
    + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    + ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    + ' xmlns:v="urn:schemas-microsoft-com:vml"'
)


def word(*parts: str) -> Reading:
    """A document of paragraphs and tables, in the XML that Word writes."""
    document = docx.Document()
    for part in parts:
        whole = re.sub(r"^<([\w:]+)", rf"<\1 {NAMESPACES}", part, count=1)
        document.element.body.insert(len(document.element.body) - 1, parse_xml(whole))
    written = io.BytesIO()
    document.save(written)
    return read(written.getvalue())


def text(*parts: str) -> str:
    return "\n".join(passage.text for passage in word(*parts).passages)


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def deleted(words: str) -> str:
    return f'<w:del w:id="1" w:author="x"><w:r><w:delText xml:space="preserve">{words}</w:delText></w:r></w:del>'


def inserted(words: str) -> str:
    return f'<w:ins w:id="2" w:author="x">{run(words)}</w:ins>'


def cell(*content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    written = [each if each.startswith("<w:tc") else cell(paragraph(run(each))) for each in cells]
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(written)}</w:tr>"


def box(words: str) -> str:
    """A text box, in both forms that Word writes of it."""
    content = f"<w:txbxContent>{paragraph(run(words))}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def field(kind: str, instruction: str = "") -> str:
    if instruction:
        return f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


CHANGED = "<w:ins w:id='3' w:author='x'/>"

SEEN = {
    "an insertion": (
        paragraph(run("Barang promo "), inserted("tidak "), run("bisa dikembalikan.")),
        "Barang promo tidak bisa dikembalikan.",
    ),
    "a deletion": (paragraph(run("Ongkir "), deleted("gratis"), inserted("Rp9.000"), run(".")), "Ongkir Rp9.000."),
    "a moved sentence": (
        paragraph(f"<w:moveFrom w:id='1' w:author='x'>{run('Lama. ')}</w:moveFrom>", run("Tetap. "),
                  f"<w:moveTo w:id='2' w:author='x'>{run('Lama.')}</w:moveTo>"),
        "Tetap. Lama.",
    ),
    "hidden text": (paragraph(run("Garansi 1 tahun"), run(" (internal)", "<w:vanish/>")), "Garansi 1 tahun"),
    "text that is hidden no more": (paragraph(run("Garansi", "<w:vanish w:val='0'/>")), "Garansi"),
    "struck text": (
        paragraph(run("Rp100.000", "<w:strike/>"), run(" Rp90.000", "<w:dstrike/>"), run("Rp80.000")),
        "Rp80.000",
    ),
    "a link": (paragraph(run("Lihat "), f"<w:hyperlink w:anchor='x'>{run('peta')}</w:hyperlink>"), "Lihat peta"),
    "a content control": (
        paragraph(run("Jam "), f"<w:sdt><w:sdtPr/><w:sdtContent>{run('08-17')}</w:sdtContent></w:sdt>"),
        "Jam 08-17",
    ),
    "a smart tag": (paragraph(f"<w:smartTag w:element='x'>{run('Bandung')}</w:smartTag>"), "Bandung"),
    "a simple field": (paragraph(f"<w:fldSimple w:instr=' DATE '>{run('1 Mei')}</w:fldSimple>"), "1 Mei"),
    "a field": (
        paragraph(run("Telepon "), field("begin"), field("", " HYPERLINK tel:1 "), field("separate"), run("0812"),
                  field("end"), run(" ya")),
        "Telepon 0812 ya",
    ),
    "a field in a field's instruction": (
        paragraph(field("begin"), field("", " IF "), field("begin"), field("", " PAGE "), field("separate"), run("7"),
                  field("end"), field("", " = 1 "), field("separate"), run("lanjut"), field("end")),
        "lanjut",
    ),
    "a tab and a line break": (
        "<w:p><w:r><w:t>Kopi</w:t><w:tab/><w:t>Rp50.000</w:t><w:br/><w:t>Teh</w:t></w:r></w:p>",
        "Kopi Rp50.000\nTeh",
    ),
    "hyphens": ("<w:p><w:r><w:t>antar</w:t><w:noBreakHyphen/><w:t>ko</w:t><w:softHyphen/><w:t>ta</w:t></w:r></w:p>",
                "antar-kota"),
    "a formula": (paragraph(run("Volume "), "<m:oMath><m:r><m:t>2</m:t></m:r></m:oMath>"), "Volume 2"),
    "a drop-down list": (
        paragraph("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/>"
                  "<w:listEntry w:val='JNE'/><w:listEntry w:val='J&amp;T'/></w:ddList></w:ffData></w:fldChar></w:r>",
                  field("", " FORMDROPDOWN "), field("end")),
        "J&T",
    ),
    "a text box": (paragraph(run("Promo"), box("Diskon 10%")), "Promo\nDiskon 10%"),
    "a paragraph joined with the next": (
        paragraph(run("Retur "), properties="<w:rPr><w:del w:id='1' w:author='x'/></w:rPr>") + "|"
        + paragraph(run("7 hari")),
        "Retur 7 hari",
    ),
    "a numbered paragraph": (
        paragraph(run("satu"), properties="<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"), "- satu",
    ),
    "a deleted row": (
        table(row("Kota", "Ongkir"), row("Bandung", "Rp9.000"),
              row("Medan", "Rp1", properties="<w:del w:id='1' w:author='x'/>")),
        "Kota: Bandung; Ongkir: Rp9.000",
    ),
    "a table in a content control": (
        f"<w:sdt><w:sdtContent>{table(row('Kota', 'Ongkir'), row('Bandung', 'Rp9.000'))}</w:sdtContent></w:sdt>",
        "Kota: Bandung; Ongkir: Rp9.000",
    ),
    "a row in a content control": (
        table(row("Kota", "Ongkir"), f"<w:sdt><w:sdtContent>{row('Bandung', 'Rp9.000')}</w:sdtContent></w:sdt>"),
        "Kota: Bandung; Ongkir: Rp9.000",
    ),
    "merged cells": (
        table(row("Wilayah", "Kota", "Ongkir"),
              row(cell(paragraph(run("Jawa")), properties="<w:vMerge w:val='restart'/>"), "Bandung", "Rp9.000"),
              row(cell(paragraph(), properties="<w:vMerge/>"), "Solo", "Rp12.000")),
        "Wilayah: Jawa; Kota: Bandung; Ongkir: Rp9.000\nWilayah: Jawa; Kota: Solo; Ongkir: Rp12.000",
    ),
    "a heading over two columns": (
        table(row("Kota", cell(paragraph(run("Ongkir")), properties="<w:gridSpan w:val='2'/>")),
              row("Bandung", "Rp9.000", "Rp15.000")),
        "Kota: Bandung; Ongkir: Rp9.000; Ongkir: Rp15.000",
    ),
    "a table in a table": (
        table(row("Layanan", "Tarif"),
              row("Reguler", cell(paragraph(run("lihat")), table(row("Kota", "Harga"), row("Solo", "Rp5")),
                                  paragraph()))),
        "Layanan: Reguler; Tarif: lihat\nKota: Solo; Harga: Rp5",
    ),
    "a change in a cell": (
        table(row("Kota", "Ongkir"), row("Bandung", cell(paragraph(deleted("Rp9.000"), inserted("Rp11.000"))))),
        "Kota: Bandung; Ongkir: Rp11.000",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SEEN)
def test_what_word_shows_is_read(what: str) -> None:
    written, expected = SEEN[what]
    reading = word(*written.split("|"))
    assert "\n".join(passage.text for passage in reading.passages) == expected
    assert reading.warnings == []


def test_placeholders_are_no_text() -> None:
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Klik di sini')}</w:sdtContent></w:sdt>"
    assert text(paragraph(run("Nama: "), control)) == "Nama:"


def test_styles_hide_strike_and_head() -> None:
    document = docx.Document()
    hidden = document.styles.add_style("Rahasia", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    hidden.font.hidden = True
    title = document.styles.add_style("Judul Toko", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    title.base_style = document.styles["Heading 2"]
    document.add_paragraph("Pengembalian", style="Judul Toko")
    line = document.add_paragraph("Tujuh hari.")
    line.add_run(" modal Rp1", style="Rahasia")
    written = io.BytesIO()
    document.save(written)
    assert [tuple(passage) for passage in read(written.getvalue()).passages] == [("Pengembalian", "Tujuh hari.")]


def test_one_odd_table_does_not_lose_the_file() -> None:
    odd = table(row("Kota", "Ongkir"), row(cell(paragraph(run("Solo")), properties="<w:gridSpan w:val='x'/>")))
    wide = table(row(cell(paragraph(run("lebar")), properties="<w:gridSpan w:val='99999999'/>")))
    ragged = table(row("A", "B"), row("1", "2", "3"), row(cell(paragraph(), properties="<w:vMerge/>"), "4"))
    reading = word(paragraph(run("Sebelum.")), odd, wide, ragged, paragraph(run("Sesudah.")))
    found = "\n".join(passage.text for passage in reading.passages)
    assert found.startswith("Sebelum.")
    assert found.endswith("Sesudah.")
    assert "lebar" in found
    assert "A: 1; B: 2; 3" in found
    assert reading.warnings == [{"reason": "parts_damaged", "parts": 1}]


def test_large_pictures_and_embedded_files_are_warned_of() -> None:
    large = "<w:r><w:drawing><wp:inline><wp:extent cx='5000000' cy='4000000'/></wp:inline></w:drawing></w:r>"
    small = "<w:r><w:drawing><wp:inline><wp:extent cx='500000' cy='400000'/></wp:inline></w:drawing></w:r>"
    assert word(paragraph(run("Logo"), small)).warnings == []
    assert word(paragraph(run("Harga"), large, small)).warnings == [{"reason": "pictures_left_out", "pictures": 1}]


def test_deeply_nested_tables_end() -> None:
    inner = paragraph(run("dalam"))
    for _ in range(60):
        inner = table(row(cell(inner, paragraph())))
    assert word(paragraph(run("Halo.")), inner).passages[0].text.startswith("Halo.")
