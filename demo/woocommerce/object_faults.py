"""Faults of single objects: a plugin fails at one order, and so does every answer that holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

# How an answer fails, by the second part of a fault's name.
WAYS = ("error_500", "bad_gateway", "gateway_timeout", "firewall", "truncated", "html_200", "reset", "silent")
# Which answers fail: those with the whole object, any answer with it, or only its own address.
SCOPES = ("whole", "any", "single")
# A request that selects one of these asks for the whole object.
_WHOLE = {"line_items", "billing", "meta_data", "description", "review"}


@dataclass
class ObjectFaults:
    """`add("orders", 5, "whole", "error_500")`: answers with the whole order 5 fail. With `largest_page`, listings of
    more objects fail with status 500."""

    largest_page: int | None = None
    _objects: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    def add(self, resource: str, number: int, scope: str, way: str) -> None:
        if scope not in SCOPES or way not in WAYS:
            raise ValueError(f"no such fault: {scope} {way}")
        self._objects[resource, number] = scope, way

    def mend(self, resource: str, number: int) -> None:
        del self._objects[resource, number]

    def way(self, path: str, params: dict[str, str], body: Any) -> str | None:
        """How the answer to a request fails; None if it does not."""
        if not self._objects and self.largest_page is None:
            return None
        size = int(params.get("per_page", "0"))
        if isinstance(body, list) and self.largest_page is not None and size > self.largest_page:
            return "error_500"
        resource = re.findall(r"/([a-z_]+)(?:/\d+)?$", path)[-1:]
        for each in body if isinstance(body, list) else [body]:
            if not isinstance(each, dict) or not resource or (resource[0], each.get("id")) not in self._objects:
                continue
            scope, way = self._objects[resource[0], each["id"]]
            if scope == "any" or (scope == "single" and not isinstance(body, list)) or _is_whole(scope, params):
                return way
        return None


def _is_whole(scope: str, params: dict[str, str]) -> bool:
    fields = params.get("_fields")
    return scope == "whole" and (fields is None or bool(_WHOLE & set(fields.split(","))))
