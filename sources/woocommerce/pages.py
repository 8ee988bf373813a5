"""Reads pages of listings that a shop cannot answer in one piece.

A host may be too weak for a full page, and an object that cannot be read makes every page that holds it fail. So a page
that fails is read in ever smaller portions, down to single objects. An object that fails alone is set aside. If smaller
portions were enough, their size is remembered for the shop.

Portions of a page are read from the last to the first, for the reason that `listings.py` gives for pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from sources.retries import wait_for_other_system
from sources.woocommerce.client import ATTEMPTS, Answer, ShopClient
from sources.woocommerce.objects import Object, parse_id
from sources.woocommerce.responses import NotFound, ShopRefused, Unanswered

PAGE_SIZE = 100
# Each divides the one before, so that portions fill a page.
SIZES = (100, 50, 25, 5, 1)
# Full requests are tried this often before smaller ones.
TRIES = 2
READINGS = 3
# After so many failing objects and none that could be read, it is doubtful that the objects are at fault.
DOUBTFUL = 10

log = structlog.get_logger()


@dataclass(frozen=True)
class Unread:
    """An object that the shop lists but cannot return. `number` is its id, None if that is unreadable too; `name` then
    says after which id it is listed."""

    number: int | None
    name: str
    reason: str


@dataclass
class _Reading:
    """What was needed for a page: the size of its smallest portion, and whether objects were read and set aside."""

    smallest: int = PAGE_SIZE
    read: int = 0
    unread: int = 0


@dataclass
class Pages:
    """The pages of a listing. Thread-safe."""

    client: ShopClient
    path: str
    params: dict[str, Any] = field(default_factory=dict)

    def page(self, number: int) -> Answer:
        """A page of `PAGE_SIZE` objects, where some may be `Unread`. Raises ShopRefused."""
        size = portion_size(self.client)
        if size == PAGE_SIZE:
            try:
                return self._ask(number, size, TRIES)
            except ShopRefused as error:
                if not is_about_objects(error):
                    raise
                return self._in_portions(number, size, error)
        return self._in_portions(number, size, None)

    def _in_portions(self, number: int, size: int, failure: ShopRefused | None) -> Answer:
        """A page from portions that all belong to one state of the listing, if one of several readings finds it so."""
        answer = None
        for _ in range(READINGS):
            reading = _Reading(smallest=size)
            answers = list(
                self._portions(number, PAGE_SIZE, failure, reading) if failure else self._known(number, reading)
            )
            value = [each for one in reversed(answers) for each in one.value]
            totals = {one.total for one in answers if one.total is not None}
            answer = replace(
                answers[-1],
                value=value,
                total=max(totals, default=(number - 1) * PAGE_SIZE + len(value)),
                asked_at=min(one.asked_at for one in answers),
                shop_time=min(one.shop_time for one in answers),
            )
            if not reading.unread and reading.smallest < portion_size(self.client):
                self.client.page_size = reading.smallest
                log.info("woocommerce_smaller_pages", path=self.path, size=reading.smallest)
            if len(totals) <= 1:
                break
        assert answer is not None
        return answer

    def _known(self, number: int, reading: _Reading) -> Iterator[Answer]:
        """A page in portions of the size that is known to be right, of which the first says how many there are."""
        size = portion_size(self.client)
        parts = PAGE_SIZE // size
        start = (number - 1) * parts + 1
        first = list(self._portions(start, size, None, reading))
        total = max((answer.total or 0 for answer in first), default=0)
        last = min(start + parts - 1, -(-total // size))
        for part in range(last, start, -1):
            yield from self._portions(part, size, None, reading)
        yield from first

    def _portions(self, number: int, size: int, failure: ShopRefused | None, reading: _Reading) -> Iterator[Answer]:
        """A portion, or what it is made of, last part first."""
        if failure is None:
            try:
                answer = self._ask(number, size, TRIES)
                reading.read += len(answer.value)
                reading.smallest = min(reading.smallest, size)
                yield answer
                return
            except ShopRefused as error:
                if not is_about_objects(error):
                    raise
                failure = error
        listed = self._ids(number, size)
        if size == SIZES[-1]:
            yield self._alone(number, listed, failure, reading)
            return
        smaller = SIZES[SIZES.index(size) + 1]
        parts = -(-(len(listed.value) if listed else size) // smaller) or 1
        first = (number - 1) * (size // smaller) + 1
        for part in range(first + parts - 1, first - 1, -1):
            yield from self._portions(part, smaller, None, reading)

    def _ids(self, number: int, size: int) -> Answer | None:
        """The ids of a portion; None if even they cannot be read though the shop answers. Raises ShopRefused."""
        try:
            return self._ask(number, size, 1, _fields=["id"])
        except ShopRefused as error:
            if not is_about_objects(error):
                raise
            require_alive(self.client, self.path, self.params, error)
            return None

    def _alone(self, number: int, listed: Answer | None, failure: ShopRefused, reading: _Reading) -> Answer:
        """The portion of one object that cannot be listed. Raises ShopRefused if no object can be read."""
        if listed is not None and not listed.value:
            return listed
        object_id = parse_id(listed.value[0].get("id")) if listed and isinstance(listed.value[0], dict) else None
        if object_id and (answer := self._by_id(object_id)):
            reading.read += 1
            return Answer([answer.value], listed.total if listed else None, answer.asked_at, answer.shop_time)
        reading.unread += 1
        if reading.unread >= DOUBTFUL and not reading.read:
            self._require_readable(failure)
            reading.read = 1
        unread = Unread(object_id, str(object_id or f"after-{self._id_before(number)}"), str(failure))
        log.warning("woocommerce_object_unread", path=self.path, id=unread.name)
        now = self.client.now()
        return Answer([unread], listed.total if listed else None, now, listed.shop_time if listed else _long_ago(now))

    def _by_id(self, object_id: int) -> Answer | None:
        fields = {name: self.params[name] for name in ("_fields", "dp", "context") if name in self.params}
        try:
            answer = self.client.object(f"{self.path}/{object_id}", attempts=1, **fields)
        except ShopRefused:
            return None
        return answer if parse_id(answer.value.get("id")) == object_id else None

    def _id_before(self, number: int) -> str:
        try:
            found = self._ask(number - 1, 1, 1, _fields=["id"]).value if number > 1 else []
        except ShopRefused:
            return f"place-{number - 1}"
        return str(found[0].get("id")) if found and isinstance(found[0], dict) else "none"

    def _require_readable(self, failure: ShopRefused) -> None:
        """Raises the failure unless the first or the last object can be read in full."""
        for order in ("asc", "desc"):
            try:
                params = {**self.params, "order": order, "per_page": 1, "page": 1}
                self.client.listing(self.path, attempts=1, **params)
                return
            except ShopRefused:
                continue
        raise failure

    def _ask(self, number: int, size: int, attempts: int, **params: Any) -> Answer:
        return self.client.listing(
            self.path, attempts=attempts, **{**self.params, **params, "per_page": size, "page": number}
        )


def portion_size(client: ShopClient) -> int:
    """How many objects are requested at once."""
    return next((size for size in SIZES if size <= (client.page_size or PAGE_SIZE)), 1)


def is_about_objects(error: ShopRefused) -> bool:
    """Whether other objects may be readable although a request failed."""
    if isinstance(error, NotFound) or error.code == "rest_no_route":
        return False
    return isinstance(error, Unanswered) or (error.status >= 402 and error.status != 429)


def require_alive(client: ShopClient, path: str, params: dict[str, Any], error: ShopRefused) -> None:
    """Raises the error unless the shop answers a small listing, from one end or the other: else the shop is unreachable
    and no object is at fault."""
    chosen = {name: value for name, value in params.items() if name in ("status", "role")}
    for attempt in range(ATTEMPTS - TRIES - 1):
        try:
            order = "desc" if attempt % 2 else "asc"
            client.listing(path, attempts=1, **chosen, _fields=["id"], order=order, orderby="id", per_page=1, page=1)
            return
        except ShopRefused as failure:
            if not is_about_objects(failure):
                raise
            wait_for_other_system(attempt)
    raise error


def number_of(each: Any) -> int | None:
    """The id of a listed object, whether it could be read or not."""
    if isinstance(each, Unread):
        return each.number
    return parse_id(each.get("id")) if isinstance(each, dict) else None


def as_payload(unread: Unread) -> Object:
    """What is kept of an object that could not be read."""
    return {"id": unread.number} if unread.number else {}


def _long_ago(now: datetime) -> datetime:
    return now.replace(year=2000)
