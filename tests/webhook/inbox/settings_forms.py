"""What a settings form holds when it is opened, so that a test changes it as a person does."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.text: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.found[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        if tag == "textarea":
            self.text, self.found[name] = name, ""
        if tag == "select":
            self.select = name
        if tag == "option" and self.select and ("selected" in given or self.select not in self.found):
            self.found[self.select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = None
        if tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.found[self.text] += data


def fields(html: str, action: str = "") -> dict[str, str]:
    """The fields of the form that posts to `action`, else of the first that posts to the page itself."""
    for form in html.split("<form")[1:]:
        opening, _, rest = form.partition(">")
        if 'method="post"' in opening and (f'action="{action}"' in opening if action else "action=" not in opening):
            parser = _Fields()
            parser.feed(rest.partition("</form>")[0])
            return {name: value.removeprefix("\n") for name, value in parser.found.items() if name}
    raise AssertionError("no such form")
