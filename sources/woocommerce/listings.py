"""A listing read whole, though the shop is written to meanwhile.

Pages are counted from the start, so what leaves a listing moves everything behind it one place forward, over the edge
of a page that was read already. Therefore pages are read from the last to the first: what moves forward moves towards
what is still to be read. Several are asked for at once, and there the order is not given; but each answer says how many
objects the listing has, and where that differs within a batch, the batch is read again, at last page by page. What
enters a listing is noticed the same way, and the whole is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog

from sources.woocommerce.client import WORKERS, Answer, ShopClient
from sources.woocommerce.landing import Given

PAGE_SIZE = 100
BATCH = 4 * WORKERS
READINGS = 3

log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """Objects of some pages with the time at which each was asked for; `total` as the listing says."""

    given: list[Given]
    total: int
    is_last: bool


def listed(client: ShopClient, path: str, params: dict[str, Any], first: Answer | None = None) -> Iterator[Batch]:
    """Every object of a listing at least once, in batches, at least one, each fetched while the one before is in use.
    `first`: its first page, if that was asked for already, in the same order. Raises ShopRefused."""
    params = {"orderby": "id", "order": "asc", "per_page": PAGE_SIZE, **params}

    def page(number: int) -> Answer:
        return client.listing(path, **params, page=number)

    with ThreadPoolExecutor(WORKERS) as pool:
        for reading in range(READINGS):
            has_grown = yield from _once(pool, page, first or page(1), is_last=reading == READINGS - 1)
            if not has_grown:
                return
            first = None
            log.info("woocommerce_listing_grew", path=path, reading=reading + 1)


def everything(client: ShopClient, path: str, params: dict[str, Any]) -> list[Given]:
    """A listing in one piece, for what is small or asked for by few fields."""
    return [each for batch in listed(client, path, params) for each in batch.given]


def given_of(answer: Answer) -> list[Given]:
    """The objects of an answer, each with the time at which it was asked for."""
    return [(each, answer.asked_at) for each in answer.value]


def at_once(client: ShopClient, requests: Sequence[Callable[[], Any]]) -> Iterator[Any]:
    """The results of requests, several under way at a time, in their order and never many in memory."""
    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(requests), BATCH):
            yield from pool.map(lambda request: request(), requests[start : start + BATCH])


def _once(
    pool: ThreadPoolExecutor, page: Callable[[int], Answer], first: Answer, is_last: bool
) -> Generator[Batch, None, bool]:
    """One reading, from the last page to the first; returns whether the listing grew. `is_last`: there is no other."""
    total = _total(first)
    pages = -(-total // PAGE_SIZE)
    if pages <= 1:
        yield Batch(given_of(first), total, is_last=True)
        return False
    numbers = list(range(pages, 1, -1))
    batches = [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]
    smallest, changed, has_grown = total, False, False
    waiting = _ask(pool, page, batches[0])
    for place, batch in enumerate(batches):
        answers = _steady(page, batch, [each.result() for each in waiting])
        if place + 1 < len(batches):
            waiting = _ask(pool, page, batches[place + 1])
        totals = [_total(answer) for answer in answers]
        has_grown = has_grown or max(totals) > smallest
        changed = changed or set(totals) != {total}
        smallest = min(smallest, *totals)
        yield Batch([each for answer in answers for each in given_of(answer)], totals[-1], is_last=False)
    end = page(1) if changed else first
    has_grown = has_grown or _total(end) > smallest
    yield Batch(given_of(end), _total(end), is_last=is_last or not has_grown)
    return has_grown


def _ask(pool: ThreadPoolExecutor, page: Callable[[int], Answer], numbers: list[int]) -> list[Future[Answer]]:
    return [pool.submit(page, number) for number in numbers]


def _steady(page: Callable[[int], Answer], numbers: list[int], answers: list[Answer]) -> list[Answer]:
    """The answers, if the listing did not change between them; else the pages one after another, the last one first."""
    if len({_total(answer) for answer in answers}) == 1:
        return answers
    return [page(number) for number in numbers]


def _total(answer: Answer) -> int:
    assert answer.total is not None
    return answer.total
