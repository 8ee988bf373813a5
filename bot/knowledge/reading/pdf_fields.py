"""Values of form fields and text annotations on a PDF page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pypdf import PageObject

_HIDDEN = 0b100010  # the flags Hidden and NoView
_PASSWORD = 1 << 13
_MAX_PARENTS = 20
_CHECKED = "✓"


class Value(NamedTuple):
    """A visible value, with its place on the page in points and the field's name."""

    text: str
    name: str
    left: float
    bottom: float
    top: float


def values(page: PageObject) -> Iterator[Value]:
    """The values of a page's fields and its text annotations, in the order of the page."""
    for reference in page.get("/Annots") or []:
        annotation = reference.get_object()
        if not isinstance(annotation, dict) or int(annotation.get("/F", 0)) & _HIDDEN:
            continue
        text = _value(annotation)
        if text and (place := _place(annotation)):
            yield Value(text, _name(annotation), *place)


def _value(annotation: Any) -> str:
    kind = annotation.get("/Subtype")
    if kind == "/FreeText":
        return _text(annotation.get("/Contents"))
    if kind != "/Widget":
        return ""
    field_type = _inherited(annotation, "/FT")
    if field_type == "/Btn":
        is_checked = str(annotation.get("/AS", "/Off")) != "/Off"
        return _CHECKED if is_checked else ""
    if field_type not in ("/Tx", "/Ch") or int(_inherited(annotation, "/Ff") or 0) & _PASSWORD:
        return ""
    return _text(_inherited(annotation, "/V"))


def _name(annotation: Any) -> str:
    """The field's tooltip, else its name."""
    return _text(_inherited(annotation, "/TU")) or _text(_inherited(annotation, "/T"))


def _place(annotation: Any) -> tuple[float, float, float] | None:
    try:
        left, bottom, right, top = (float(each) for each in annotation["/Rect"])
    except (KeyError, TypeError, ValueError):
        return None
    return min(left, right), min(bottom, top), max(bottom, top)


def _inherited(annotation: Any, name: str) -> Any:
    """An entry of a field, which may stand in its parents."""
    for _ in range(_MAX_PARENTS):
        if not isinstance(annotation, dict):
            return None
        if name in annotation:
            return annotation[name]
        parent = annotation.get("/Parent")
        annotation = parent.get_object() if parent is not None else None
    return None


def _text(value: Any) -> str:
    """A text, or the chosen entries of a list."""
    value = value.get_object() if hasattr(value, "get_object") else value
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    return " ".join(str(value).split()) if isinstance(value, str) else ""
