"""Great Expectations' Data Docs as HTML fragments, without the scripts, styles and images that they load from other
hosts."""

from __future__ import annotations

from pathlib import Path

from lxml import html

NAME = "data_docs"
_KEPT_ATTRIBUTES = {"class", "hidden"}
_DROPPED = "//script | //style | //hr | //thead[@hidden]"
_HEADINGS = {"h5": "h2", "h6": "h3"}
_MARKS = {"text-success": "✓", "text-danger": "✗", "text-warning": "!"}


def fragments(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Content type and HTML of the results in the folder, by suite."""
    pages = (folder / "validations").rglob("*.html")
    return {
        page.relative_to(folder / "validations").parts[0]: ("text/html; charset=utf-8", _fragment(page))
        for page in pages
    }


def _fragment(page: Path) -> bytes:
    tree = html.fromstring(page.read_text())
    for dropped in tree.xpath(_DROPPED):
        dropped.drop_tree()
    for body in tree.xpath("//div[contains(@class, 'collapse')]"):
        _fold(body)
    for link in tree.xpath("//a"):
        link.drop_tag()
    sections = tree.xpath("//div[contains(@class, 'ge-section')]")
    for section in sections:
        for element in section.iter():
            _simplify(element)
    return b"".join(html.tostring(section) for section in sections)


def _fold(body: html.HtmlElement) -> None:
    """Replace folding by script with `<details>`."""
    parent = body.getparent()
    if parent.tag == "div" and parent[0].tag == "p":
        parent.tag, parent[0].tag = "details", "summary"


def _simplify(element: html.HtmlElement) -> None:
    if element.tag == "i":
        element.text = next((mark for name, mark in _MARKS.items() if name in element.get("class", "")), "")
    element.tag = _HEADINGS.get(element.tag, element.tag)
    for name in set(element.attrib) - _KEPT_ATTRIBUTES:
        del element.attrib[name]
