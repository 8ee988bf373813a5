"""Lands product reviews in `raw.reviews`, as reviews of the source `woocommerce`.

The API lists them by their date of creation and tells no date of change, so edits and moderation show nowhere. A sync
reads the newest page. It reads all of them if another number is listed than is stored, and otherwise once a day.
Only approved reviews are listed. One that no longer is counts as withdrawn if the shop says so for its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from bs4 import BeautifulSoup

from sources.retries import retry_conflicts
from sources.reviews import landing
from sources.reviews.landing import Review
from sources.tabular.values import clean
from sources.woocommerce.fields import REVIEWS
from sources.woocommerce.landing import SQL as SHOP_SQL
from sources.woocommerce.landing import Fetched, Loaded, move, position, query
from sources.woocommerce.listings import at_once, fetched_from, first_page, list_all
from sources.woocommerce.objects import Shape, Unreadable, as_json, identity, moment, parse_id
from sources.woocommerce.pages import PAGE_SIZE, Unread, as_payload, number_of
from sources.woocommerce.responses import NotFound, ShopRefused
from sources.woocommerce.shops import Shop
from warehouse.connection import read_sql
from warehouse.twilio_shape import without_nul

PATH = "/wc/v3/products/reviews"
SOURCE = "woocommerce"
_REJECTED = "woocommerce_reviews"
_READ_ALL_AFTER = timedelta(hours=20)
# Other contexts add tags to the text.
_PARAMS: dict[str, Any] = {"context": "edit", "_fields": REVIEWS.requested}

log = structlog.get_logger()


def is_without_reviews(error: ShopRefused) -> bool:
    """Whether the shop has no such address (WooCommerce before 3.5), or the key's user may not see reviews."""
    return error.code == "rest_no_route" or error.status in (401, 403)


def sync_reviews(shop: Shop, full: bool, on_progress: Callable[[int, int], None]) -> Loaded:
    """Bring the reviews up to date; a shop without them is logged. Raises ShopRefused."""
    began = shop.client.now()
    try:
        newest = first_page(shop.client, PATH, {**_PARAMS, "order": "desc"})
    except ShopRefused as error:
        if not is_without_reviews(error):
            raise
        log.warning("woocommerce_reviews_left_out", store_id=shop.store_id, code=error.code[:80])
        return Loaded()
    read_all_at = position(shop, "reviews")
    if not full and read_all_at and began - read_all_at < _READ_ALL_AFTER:
        loaded = _land(shop, fetched_from(newest))
        if newest.total == query(shop, "review_count", reviews=SOURCE, rejected=_REJECTED, prefix=_prefix(shop))[0][0]:
            return loaded
    loaded = _read_all(shop)
    on_progress(loaded.read, loaded.read)
    with shop.connection, shop.connection.cursor() as cursor:
        move(cursor, shop, {"reviews": began})
    return loaded


def _read_all(shop: Shop) -> Loaded:
    fetched = list_all(shop.client, PATH, _PARAMS)
    listed = {number_of(each) for each, _ in fetched}
    loaded = Loaded()
    for start in range(0, len(fetched), 10 * PAGE_SIZE):
        loaded.add(_land(shop, fetched[start : start + 10 * PAGE_SIZE]))
    known = query(shop, "shown_reviews", source=SOURCE, rejected=_REJECTED, prefix=_prefix(shop))
    unlisted = [int(number) for (number,) in known if int(number) not in listed]
    found = list(at_once([partial(_one, shop, number) for number in unlisted]))
    still_shown = [each for each in found if each is not None]
    loaded.add(_land(shop, still_shown))
    gone = sorted(set(unlisted) - {parse_id(each.get("id")) for each, _ in still_shown})
    loaded.deleted += _withdraw(shop, gone)
    return loaded


def _one(shop: Shop, number: int) -> Fetched | None:
    """An approved review by its id; None for any other."""
    try:
        answer = shop.client.object(f"{PATH}/{number}", **_PARAMS)
    except NotFound:
        return None
    is_it = parse_id(answer.value.get("id")) == number and answer.value.get("status") == "approved"
    return (answer.value, answer.asked_at) if is_it else None


@retry_conflicts
def _land(shop: Shop, fetched: Iterable[Fetched]) -> Loaded:
    """Land reviews as the shop shows them now; a review without a rating is set aside."""
    shape = Shape.of(shop.settings, shop.store.timezone)
    # A listing that changes while it is read may show a review twice.
    payloads = [each for each, _ in sorted(fetched, key=lambda each: each[1])]
    names = _product_names(shop, payloads)
    reviews: dict[str, Review] = {}
    rejected: dict[str, tuple[str, str]] = {}
    for payload in payloads:
        if isinstance(payload, Unread):
            rejected[f"{_prefix(shop)}{payload.name}"] = (as_json(as_payload(payload)), payload.reason)
            continue
        try:
            review = _review(payload, shape, names)
            reviews[review.review_id] = review
        except Unreadable as error:
            kept = REVIEWS.kept(without_nul(payload)) if isinstance(payload, dict) else {}
            rejected[f"{_prefix(shop)}{number_of(payload) or 'unreadable'}"] = (as_json(kept), str(error))
    with shop.connection, shop.connection.cursor() as cursor:
        outcomes = landing.land(cursor, shop.store_id, SOURCE, reviews.values(), are_current=True)
        _settle(cursor, [f"{_prefix(shop)}{number}" for number in reviews])
        for name, (body, reason) in sorted(rejected.items()):
            values = {"source": _REJECTED, "id": name, "payload": body, "reason": reason}
            cursor.execute(read_sql(SHOP_SQL / "set_aside.sql"), values)
    return Loaded(
        len(payloads), outcomes["new"], outcomes["changed"], outcomes["unchanged"], 0, len(rejected)
    )  # fmt: skip


def _review(payload: Any, shape: Shape, names: dict[int, str]) -> Review:
    if not isinstance(payload, dict):
        raise Unreadable("not an object")
    number, created, rating = identity(payload), moment(payload, "date_created", shape), parse_id(payload.get("rating"))
    if created is None:
        raise Unreadable("no date of creation")
    if rating is None or not 1 <= rating <= 5:
        raise Unreadable("no rating")
    product = parse_id(payload.get("product_id"))
    name = _plain(payload.get("product_name")) or names.get(product or 0) or (f"#{product}" if product else None)
    author = _plain(payload.get("reviewer")) or None
    return Review(str(number), rating, _plain(payload.get("review")), author, name, None, created)


def _product_names(shop: Shop, payloads: Iterable[Any]) -> dict[int, str]:
    """Names by id, since older versions of WooCommerce give none with a review."""
    nameless = [each for each in payloads if isinstance(each, dict) and not each.get("product_name")]
    ids = [number for each in nameless if (number := parse_id(each.get("product_id")))]
    return {number: _plain(name) for number, name in query(shop, "product_names", ids=ids)} if ids else {}


def _plain(value: Any) -> str:
    """Text without tags and entities."""
    return clean(BeautifulSoup(value, "html.parser").get_text()) if isinstance(value, str) else ""


def _withdraw(shop: Shop, numbers: list[int]) -> int:
    if not numbers:
        return 0
    with shop.connection, shop.connection.cursor() as cursor:
        values = {"store_id": shop.store_id, "source": SOURCE, "ids": [str(number) for number in numbers]}
        cursor.execute(read_sql(landing.SQL / "withdraw_reviews.sql"), values)
        withdrawn = cursor.rowcount
        _settle(cursor, [f"{_prefix(shop)}{number}" for number in numbers])
    log.info("woocommerce_reviews_withdrawn", store_id=shop.store_id, ids=numbers[:100])
    return withdrawn


def _settle(cursor: Any, names: list[str]) -> None:
    if names:
        cursor.execute(read_sql(SHOP_SQL / "resolve_rejected.sql"), {"source": _REJECTED, "ids": names})


def _prefix(shop: Shop) -> str:
    return f"{shop.store_id}:"
