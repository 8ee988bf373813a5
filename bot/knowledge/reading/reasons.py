"""Why a file could not be read, or only in part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warehouse.i18n import N_, Language, translate

_SENTENCES = {
    "empty": N_("The file is empty."),
    "too_large": N_("The file is larger than {most} MB. Split it into several files."),
    "unknown_type": N_(
        "This type of file is not known. Text, Markdown, HTML, PDF, Word (.docx) and pictures can be read."
    ),
    "spreadsheet": N_("This is a spreadsheet. Save it as PDF, or copy its table into a Word document."),
    "old_office": N_("This is an old Office file (.doc). Save it again as .docx or PDF."),
    "encrypted": N_("The file is locked with a password. Save it again without one."),
    "damaged": N_("The file is damaged or incomplete. Open it on your computer, save it again and upload that."),
    "too_much_inside": N_("There is too much in the file once it is unpacked. Split it into several files."),
    "too_many_pages": N_("The file has more than {most} pages. Split it into several files."),
    "too_many_passages": N_("The file holds more than {most} passages. Split it into several files."),
    "too_slow": N_("Reading the file takes too long. Split it into several files, or make its pictures smaller."),
    "picture_too_large": N_("The picture is too large. Make it smaller than 50 million pixels."),
    "no_text_in_picture": N_("No text could be read on the picture. Try a sharper, brighter photo."),
    "no_text": N_("There is no text in the file."),
    "our_fault": N_("Something went wrong on our side while reading the file. Upload it again later."),
    "scanned_pages_left_out": N_(
        "{left_out} scanned pages were not read, only the first {read}. Upload the others as another file."
    ),
    "pages_damaged": N_("{pages} pages are damaged and were not read."),
    "parts_damaged": N_("{parts} paragraphs or tables could not be read."),
    "pictures_left_out": N_("{pictures} pictures or charts were not read. Upload them as files if they contain text."),
    "pages_without_text": N_("No text could be read on {pages} pages with pictures or drawings."),
    "garbled": N_("The letters in the file cannot be recognised. Save it as a PDF with embedded fonts, or as a scan."),
    "pages_garbled": N_(
        "The letters on {pages} pages cannot be recognised. Save the file as a PDF with embedded fonts, or as a scan."
    ),
}


def said(reason: str, language: Language, numbers: Mapping[str, Any]) -> str:
    """The sentence for a reason with its numbers; an unknown reason counts as damage."""
    return translate(language, _SENTENCES.get(reason, _SENTENCES["damaged"])).format_map(numbers)
