"""Requests and answers, and the table of routes that the other modules register."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from demo.metabase.refusals import NO_SUCH_ENDPOINT, Refused, Row
from demo.metabase.state import State


@dataclass
class Request:
    """A request with its parsed body. `user` is the caller, None if not signed in."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Row
    user: Row | None = None
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.ids["id"])

    def asked(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[-1]


@dataclass
class Answer:
    body: Any
    status: int = 200


Handler = Callable[[State, Request], Any]
Handles = TypeVar("Handles", bound=Callable[..., Any])


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    is_public: bool


ROUTES: list[Route] = []


def route(method: str, path: str, *, public: bool = False) -> Callable[[Handles], Handles]:
    """Register a function for a path (`:id` is a number, `:key` a name). Only a `public` one may be called without
    signing in."""
    named = path.replace(":key", r"(?P<key>[\w?-]+)")
    pattern = re.compile(re.sub(r":(\w+)", r"(?P<\1>\\d+)", named) + "/?")

    def register(handler: Handles) -> Handles:
        ROUTES.append(Route(method, pattern, handler, public))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, Mapping[str, str]]:
    """The route of a request and the ids in its path. Raises Refused."""
    for each in ROUTES:
        if each.method == method and (match := each.pattern.fullmatch(path)):
            return each, match.groupdict()
    raise Refused(404, NO_SUCH_ENDPOINT)


def paid(feature: str) -> Refused:
    """What the free edition answers to a paid feature."""
    message = (
        f"{feature} is a paid feature not currently available to your instance. Please upgrade to use it. "
        "Learn more at metabase.com/upgrade/"
    )
    return Refused(402, {"message": message, "status": "error-premium-feature-not-available"})
