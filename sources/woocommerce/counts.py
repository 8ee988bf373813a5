"""Compares how many objects of a kind a shop lists with how many are stored, and their ids if the numbers differ.

A total may count an object that no listing shows, and an object may be in no listing, such as an order in a status of a
plugin that was removed. Ids that were compared once are not compared again while the numbers differ by as much.
"""

from __future__ import annotations

from sources.woocommerce.by_id import fetch_each, refund_path
from sources.woocommerce.landing import ANY_ATTEMPTS, Loaded, land, query, rejected_ids
from sources.woocommerce.listings import fetched_from, first_page, list_all
from sources.woocommerce.objects import REFUNDS, Resource
from sources.woocommerce.pages import PAGE_SIZE, number_of
from sources.woocommerce.shops import Shop


def compare_count(shop: Shop, resource: Resource) -> Loaded:
    """Compare ids if the shop lists another number of objects than are stored."""
    return compare_total(shop, resource, listed_count(shop, resource))


def compare_total(shop: Shop, resource: Resource, listed: int | None) -> Loaded:
    """As `compare_count`, with the total of a listing of all objects."""
    stored = stored_count(shop, resource)
    if listed is None or listed == stored or is_known_difference(shop, resource, listed, stored):
        return Loaded()
    loaded, are_all_stored = compare_ids(shop, resource)
    listed, stored = listed_count(shop, resource) or 0, stored_count(shop, resource)
    if listed != stored and are_all_stored:
        query(shop, "save_count", resource=resource.name, listed=listed, stored=stored)
    return loaded


def is_known_difference(shop: Shop, resource: Resource, listed: int, stored: int) -> bool:
    """Whether all ids were compared when the numbers differed by as much."""
    return query(shop, "known_count", resource=resource.name) == [(listed - stored,)]


def listed_count(shop: Shop, resource: Resource) -> int | None:
    """How many objects the shop says it lists."""
    return shop.client.listing(resource.path, **{**resource.params, "_fields": ["id"], "per_page": 1}).total


def compare_ids(shop: Shop, resource: Resource) -> tuple[Loaded, bool]:
    """Fetch objects that are listed but not stored, and those that are stored but not listed. Returns also whether all
    listed objects are stored or set aside afterwards."""
    params = {**resource.params, "_fields": ["id", "parent_id"]}
    listed = {number_of(each) for each, _ in list_all(shop.client, resource.path, params)}
    stored = {number: parent for number, parent, _ in query(shop, "stored", resource=resource.name)}
    shown = {number for number in listed if number}
    loaded = Loaded()
    if missing := sorted(shown - stored.keys()):
        for start in range(0, len(missing), PAGE_SIZE):
            included = resource.query(include=missing[start : start + PAGE_SIZE])
            answer = first_page(shop.client, resource.path, included)
            loaded.add(land(shop, resource, fetched_from(answer), is_exact=True))
    unlisted = {number: parent for number, parent in stored.items() if number not in shown}
    loaded.add(fetch_unlisted(shop, resource, unlisted))
    kept = {number for number, _, _ in query(shop, "stored", resource=resource.name)}
    return loaded, shown <= kept | set(rejected_ids(shop, resource, ANY_ATTEMPTS))


def fetch_unlisted(shop: Shop, resource: Resource, unlisted: dict[int, int | None]) -> Loaded:
    """Fetch stored objects that no listing shows, given with the id of their parent if any."""
    if resource is REFUNDS:
        return fetch_each(shop, resource, {each: refund_path(parent or 0, each) for each, parent in unlisted.items()})
    return fetch_each(shop, resource, {each: f"{resource.path}/{each}" for each in unlisted})


def stored_count(shop: Shop, resource: Resource) -> int:
    """The number of objects of a listing that are stored or rejected."""
    source, prefix = f"woocommerce_{resource.name}", f"{shop.store_id}:"
    values = {"resource": resource.name, "unlisted": list(resource.unlisted), "source": source, "prefix": prefix}
    return int(query(shop, "stored_count", **values)[0][0])
