"""Reads whole listings while the shop keeps changing.

An object that leaves a listing moves everything after it one place forward, possibly to a page that was already read.
So pages are read from the last to the first. Pages of one batch are requested at once, in no particular order; if their
totals differ, the batch is read again, page by page. If the total has grown, the whole listing is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog

from sources.woocommerce.client import Answer, ShopClient
from sources.woocommerce.landing import Fetched
from sources.woocommerce.pages import PAGE_SIZE, Pages
from sources.woocommerce.transport import WORKERS

BATCH = 4 * WORKERS
READINGS = 3

log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """The objects of some pages, each with the time of its request; `total` is the listing's."""

    objects: list[Fetched]
    total: int
    is_last: bool


def listed(client: ShopClient, path: str, params: dict[str, Any], first: Answer | None = None) -> Iterator[Batch]:
    """Every object of a listing at least once, in one or more batches; the next is fetched while one is processed.
    `first`: the first page in the same order, if it was already fetched. Raises ShopRefused."""
    page = _pages(client, path, params).page
    with ThreadPoolExecutor(WORKERS) as pool:
        for reading in range(READINGS):
            has_grown = yield from _once(pool, page, first or page(1), is_last=reading == READINGS - 1)
            if not has_grown:
                return
            first = None
            log.info("woocommerce_listing_grew", path=path, reading=reading + 1)


def first_page(client: ShopClient, path: str, params: dict[str, Any]) -> Answer:
    """The first page in the order of ids, unless `params` name another order. Raises ShopRefused."""
    return _pages(client, path, params).page(1)


def list_all(client: ShopClient, path: str, params: dict[str, Any]) -> list[Fetched]:
    """A whole listing in memory, for small ones or few fields."""
    return [each for batch in listed(client, path, params) for each in batch.objects]


def fetched_from(answer: Answer) -> list[Fetched]:
    """The objects of an answer, each with the time of the request."""
    return [(each, answer.asked_at) for each in answer.value]


def at_once(requests: Sequence[Callable[[], Any]]) -> Iterator[Any]:
    """The results of requests in their order. Several run at a time, and few results are in memory."""
    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(requests), BATCH):
            yield from pool.map(lambda request: request(), requests[start : start + BATCH])


def _pages(client: ShopClient, path: str, params: dict[str, Any]) -> Pages:
    return Pages(client, path, {"orderby": "id", "order": "asc", **params})


def _once(
    pool: ThreadPoolExecutor, page: Callable[[int], Answer], first: Answer, is_last: bool
) -> Generator[Batch, None, bool]:
    """One pass from the last page to the first; returns whether the listing grew. `is_last`: there is no other pass."""
    total = _total(first)
    pages = -(-total // PAGE_SIZE)
    if pages <= 1:
        yield Batch(fetched_from(first), total, is_last=True)
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
        yield Batch([each for answer in answers for each in fetched_from(answer)], totals[-1], is_last=False)
    end = page(1) if changed else first
    has_grown = has_grown or _total(end) > smallest
    yield Batch(fetched_from(end), _total(end), is_last=is_last or not has_grown)
    return has_grown


def _ask(pool: ThreadPoolExecutor, page: Callable[[int], Answer], numbers: list[int]) -> list[Future[Answer]]:
    return [pool.submit(page, number) for number in numbers]


def _steady(page: Callable[[int], Answer], numbers: list[int], answers: list[Answer]) -> list[Answer]:
    """The answers if the listing did not change between them; else the pages one by one, last page first."""
    if len({_total(answer) for answer in answers}) == 1:
        return answers
    return [page(number) for number in numbers]


def _total(answer: Answer) -> int:
    assert answer.total is not None
    return answer.total
