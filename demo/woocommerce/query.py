"""The parameters of a request, validated as in WordPress, which ignores unknown ones."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from demo.woocommerce.answers import Refused, invalid_param

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::\d{2})?)?")
_TRUE, _FALSE = ("1", "true", "TRUE", "True"), ("0", "false", "FALSE", "False", "")
LARGEST_PAGE = 100


def pairs_of(query: str) -> list[tuple[str, str]]:
    """The query's pairs; `name[]` becomes `name[0]`, `name[1]`, …, as in PHP."""
    seen: Counter[str] = Counter()
    pairs = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.endswith("[]"):
            seen[name] += 1
            name = f"{name[:-2]}[{seen[name] - 1}]"
        pairs.append((name, value))
    return pairs


class Query:
    """The parameters by type. Each method raises Refused (400) for values that WordPress refuses."""

    def __init__(self, pairs: list[tuple[str, str]], zone: ZoneInfo) -> None:
        self.values: dict[str, str] = dict(pairs)
        self._zone = zone

    def text(self, name: str, default: str = "", among: tuple[str, ...] | None = None) -> str:
        value = self.values.get(name, default)
        if among is not None and value not in among:
            raise invalid_param(name, f"{name} is not one of {', '.join(among)}.", "rest_not_in_enum")
        return value

    def number(self, name: str, default: int, least: int | None = None, most: int | None = None) -> int:
        text = self.values.get(name, str(default))
        if not re.fullmatch(r"-?\d+", text):
            raise invalid_param(name, f"{name} is not of type integer.", "rest_invalid_type")
        value = int(text)
        if most is not None and least is not None and not least <= value <= most:
            between = f"{name} must be between {least} (inclusive) and {most} (inclusive)"
            raise invalid_param(name, between, "rest_out_of_bounds")
        if least is not None and value < least:
            raise invalid_param(name, f"{name} must be greater than or equal to {least}", "rest_out_of_bounds")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        if name not in self.values:
            return default
        value = self.values[name]
        if value not in _TRUE + _FALSE:
            raise invalid_param(name, f"{name} is not of type boolean.", "rest_invalid_type")
        return value in _TRUE

    def items(self, name: str) -> list[str]:
        """A list, given as `name=a,b` or `name[]=a&name[]=b`."""
        listed = [value for key, value in self.values.items() if re.fullmatch(rf"{re.escape(name)}\[\d*\]", key)]
        listed = listed or re.split(r"[\s,]+", self.values.get(name, ""))
        return [each for each in listed if each]

    def numbers(self, name: str) -> list[int]:
        items = self.items(name)
        for place, item in enumerate(items):
            if not re.fullmatch(r"-?\d+", item):
                raise invalid_param(name, f"{name}[{place}] is not of type integer.", "rest_invalid_type")
        return [int(item) for item in items]

    def time(self, name: str) -> str | None:
        """A bound as it is compared. WordPress converts a bound with a time zone to the shop's time and then compares
        it with the column as it is. With `dates_are_gmt` it therefore means another moment (measured): send none."""
        text = self.values.get(name)
        if not text:
            return None
        if not _TIME.fullmatch(text):
            raise invalid_param(name, "Invalid date.", "rest_invalid_date")
        try:
            moment = datetime.fromisoformat(text.replace(" ", "T").upper())
        except ValueError as error:
            raise invalid_param(name, "Invalid date.", "rest_invalid_date") from error
        local = moment.astimezone(self._zone) if moment.tzinfo else moment
        return f"{local:%Y-%m-%dT%H:%M:%S}"

    def page(self) -> tuple[int, int]:
        """(offset, size) of the requested page."""
        size = self.number("per_page", 10, 1, LARGEST_PAGE)
        page = self.number("page", 1, 1)
        offset = self.number("offset", 0, 0) if "offset" in self.values else (page - 1) * size
        return offset, size


def no_route() -> Refused:
    return Refused(404, "rest_no_route", "No route was found matching the URL and request method.")
