"""A cache in front of a shop, which answers the same address with the same answer, however old."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from demo.woocommerce.query import pairs_of
from demo.woocommerce.routes import Answer


@dataclass
class Cache:
    """Off unless `is_on`. `ignores` are parameters of the address that the cache does not look at."""

    is_on: bool = False
    ignores: tuple[str, ...] = ()
    _kept: dict[object, Answer] = field(default_factory=dict)

    def through(self, method: str, target: str, answer: Callable[[], Answer]) -> Answer:
        """The answer to a request, from the cache if it has one."""
        if not self.is_on or method != "GET":
            return answer()
        parts = urlsplit(target)
        key = parts.path, frozenset(pair for pair in pairs_of(parts.query) if not self._is_ignored(pair[0]))
        if key not in self._kept:
            self._kept[key] = answer()
        return deepcopy(self._kept[key])

    def _is_ignored(self, name: str) -> bool:
        return any(name.startswith(each) for each in self.ignores)
