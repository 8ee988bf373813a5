"""The text of a Word paragraph that a reader sees: insertions are there, and deleted, hidden and struck text is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bot.knowledge.reading.word_styles import Element, Styles, find, findall, name_of, value_of

ABSENT = frozenset({"del", "moveFrom", "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr"})
# Elements around paragraphs or runs, without a text of their own.
CONTAINERS = frozenset({
    "ins", "moveTo", "sdt", "customXml", "smartTag", "AlternateContent", "hyperlink", "fldSimple", "dir", "bdo", "ruby",
    "rubyBase", "oMath", "oMathPara",
})  # fmt: skip
_CHARACTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_DRAWN = ("drawing", "pict", "object")
# A picture at least this large may hold text: 6 by 4 centimetres, in EMU.
_LARGE_PICTURE = 6 * 360_000 * 4 * 360_000
_PRIVATE_USE = range(0xE000, 0xF900)


def chosen(part: Element) -> Element:
    """The part of an element that is shown: the content of a content control, the first of several alternatives."""
    name = name_of(part)
    if name == "sdt":
        content = find(part, "sdtContent")
        is_placeholder = find(find(part, "sdtPr"), "showingPlcHdr") is not None
        return etree.Element("nothing") if content is None or is_placeholder else content
    if name == "AlternateContent":
        found = find(part, "Choice")
        found = find(part, "Fallback") if found is None else found
        return etree.Element("nothing") if found is None else found
    return part


@dataclass
class Line:
    """A paragraph's text, and the text boxes and notes in it. `goes_on`: its end was deleted, so the next paragraph
    continues it."""

    text: str = ""
    goes_on: bool = False
    boxes: list[Element] = field(default_factory=list)


class Lines:
    """Reads paragraphs in order: a field may begin in one and end in another. `pictures`: the large ones so far."""

    def __init__(self, styles: Styles, notes: Mapping[tuple[str, str], Element]) -> None:
        self._styles = styles
        self._notes = notes
        self._fields: list[bool] = []  # for each open field whether its result has begun
        self.pictures = 0

    def of(self, paragraph: Element) -> Line:
        """The text of a paragraph."""
        line = Line(goes_on=find(find(find(paragraph, "pPr"), "rPr"), "del") is not None)
        line.text = "".join(self._texts(paragraph, paragraph, line))
        return line

    def _texts(self, part: Element, paragraph: Element, line: Line) -> Iterator[str]:
        for child in part:
            name = name_of(child)
            if name == "r" and child.prefix != "m":
                if not self._styles.is_unseen(child, paragraph):
                    yield from self._run(child, paragraph, line)
                else:
                    self._pass_fields(child)
            elif name in CONTAINERS:
                yield from self._texts(chosen(child), paragraph, line)
            elif name not in ABSENT:
                yield from self._formula(child)

    def _run(self, run: Element, paragraph: Element, line: Line) -> Iterator[str]:
        for child in run:
            name = name_of(child)
            if name == "fldChar":
                yield self._field(child)
            elif not all(self._fields):
                continue  # an instruction
            elif name in CONTAINERS:
                yield from self._texts(chosen(child), paragraph, line)
                self._draw(chosen(child), line)
            elif name in _DRAWN:
                self._draw(child, line)
            else:
                yield self._character(child, line)

    def _character(self, part: Element, line: Line) -> str:
        """Text or one character; notes are read after the paragraph."""
        name = name_of(part)
        if name in ("footnoteReference", "endnoteReference"):
            note = self._notes.get((name.removesuffix("Reference"), value_of(part, None, "id") or ""))
            line.boxes += [] if note is None else [note]
        if name == "sym":
            return _symbol(part)
        return part.text or "" if name == "t" else _CHARACTERS.get(name, "")

    def _field(self, mark: Element) -> str:
        """Notes where a field's instruction and its result begin and end; returns what a list shows as chosen."""
        kind = value_of(mark, None, "fldCharType")
        if kind == "begin":
            self._fields.append(False)
            return _choice(mark) if all(self._fields[:-1]) else ""
        if kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()
        return ""

    def _pass_fields(self, run: Element) -> None:
        for mark in findall(run, "fldChar"):
            self._field(mark)

    def _draw(self, drawn: Element, line: Line) -> None:
        """Note text boxes, or that there is a picture which is not read."""
        boxes = list(_boxes(drawn))
        line.boxes += boxes
        if not boxes and _is_large(drawn):
            self.pictures += 1

    @staticmethod
    def _formula(part: Element) -> Iterator[str]:
        for text in part.iter("{*}t"):
            if text.prefix == "m":
                yield text.text or ""


def _boxes(drawn: Element) -> Iterator[Element]:
    """The text boxes of a drawing, each once, without those in other text boxes."""
    for child in drawn:
        if name_of(child) == "txbxContent":
            yield child
        elif name_of(child) == "AlternateContent":
            yield from _boxes(chosen(child))
        else:
            yield from _boxes(child)


def _is_large(drawn: Element) -> bool:
    for extent in drawn.iter("{*}extent"):
        area = int(extent.get("cx", "0")) * int(extent.get("cy", "0"))
        return area >= _LARGE_PICTURE
    return name_of(drawn) == "object"


def _choice(mark: Element) -> str:
    """The chosen entry of a drop-down list of an older form."""
    options = find(find(mark, "ffData"), "ddList")
    entries = [value_of(entry, None) or "" for entry in findall(options, "listEntry")]
    number = int(value_of(options, "result") or 0)
    return entries[number] if number < len(entries) else ""


def _symbol(mark: Any) -> str:
    """A character of a symbol font; those without a meaning of their own are bullets and the like."""
    code = int(value_of(mark, None, "char") or "0", 16)
    return "" if code in _PRIVATE_USE or not code else chr(code)
