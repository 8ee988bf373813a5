"""Properties that paragraphs and runs of a Word document have by its styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Element = Any
"""An element of lxml, which has no types."""

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_UNSEEN = ("vanish", "strike", "dstrike")
_OFF = ("0", "false", "off", "none")
_MAX_BASED_ON = 20
_BODY_LEVEL = 9


def name_of(element: Element) -> str:
    """The name of an element without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def findall(element: Element | None, name: str) -> list[Element]:
    """The children with a name."""
    return [] if element is None else [child for child in element if name_of(child) == name]


def find(element: Element | None, name: str) -> Element | None:
    """The first child with a name; None also without an element."""
    return next(iter(findall(element, name)), None)


def value_of(element: Element | None, name: str | None, attribute: str = "val") -> str | None:
    """An attribute, in any namespace, of the child with a name or of the element itself."""
    found = element if name is None else find(element, name)
    if found is None:
        return None
    values = (value for key, value in found.attrib.items() if key.rpartition("}")[2] == attribute)
    return next(values, None)


def is_on(properties: Element | None, name: str) -> bool | None:
    """Whether a property is switched on; None if nothing is said about it."""
    if find(properties, name) is None:
        return None
    return (value_of(properties, name) or "on").lower() not in _OFF


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, styles: Element) -> None:
        self._by_id = {value_of(style, None, "styleId"): style for style in findall(styles, "style")}
        self._default = next(
            (
                style
                for style in self._by_id.values()
                if value_of(style, None, "type") == "paragraph" and value_of(style, None, "default") in ("1", "true")
            ),
            None,
        )

    def level_of(self, paragraph: Element) -> int | None:
        """The level of a heading, 0 for the title; None for other paragraphs."""
        properties = find(paragraph, "pPr")
        if (level := _outline_level(properties)) is not None:
            return level if level < _BODY_LEVEL + 1 else None
        for style in self._chain(value_of(properties, "pStyle")):
            name = (value_of(style, "name") or "").lower()
            if name == "title":
                return 0
            if heading := _HEADING.fullmatch(name):
                return int(heading[1])
            if (level := _outline_level(find(style, "pPr"))) is not None:
                return level if level < _BODY_LEVEL + 1 else None
        return None

    def is_list_item(self, paragraph: Element) -> bool:
        """Whether a paragraph has a bullet or a number."""
        properties = find(paragraph, "pPr")
        if (numbering := find(properties, "numPr")) is not None:
            return value_of(numbering, "numId") != "0"
        for style in self._chain(value_of(properties, "pStyle")):
            is_of_list = (value_of(style, "name") or "").lower().startswith("list ")
            if is_of_list or find(find(style, "pPr"), "numPr") is not None:
                return True
        return False

    def is_unseen(self, run: Element, paragraph: Element) -> bool:
        """Whether a run is hidden or struck through, by itself or by its styles."""
        properties = find(run, "rPr")
        of_run = list(self._chain(value_of(properties, "rStyle")))
        of_paragraph = list(self._chain(value_of(find(paragraph, "pPr"), "pStyle")))
        said = [properties, *(find(style, "rPr") for style in (*of_run, *of_paragraph, self._default))]
        for name in _UNSEEN:
            if next((is_set for each in said if (is_set := is_on(each, name)) is not None), False):
                return True
        return False

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        """A style and those that it is based on."""
        for _ in range(_MAX_BASED_ON):
            if style_id is None or (style := self._by_id.get(style_id)) is None:
                return
            yield style
            style_id = value_of(style, "basedOn")


def _outline_level(properties: Element | None) -> int | None:
    """The level that an outline gives, 1 for the highest; `_BODY_LEVEL` + 1 for body text."""
    written = value_of(properties, "outlineLvl")
    return int(written) + 1 if written and written.isdigit() else None
