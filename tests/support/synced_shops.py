"""What lies in raw against what the stand-in shop has, object for object."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from demo.woocommerce import Shop
from sources.woocommerce.fields import Fields
from sources.woocommerce.objects import RESOURCES
from sources.woocommerce.parcels import parcels_of
from warehouse.connection import connect
from warehouse.settings import Settings


def one(settings: Settings, question: str, *values: Any) -> Any:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(question, values)
        found = cursor.fetchone()
        return found[0] if found else None


def rows(settings: Settings, question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def held(settings: Settings, store_id: str, resource: str) -> dict[int, dict[str, Any]]:
    """The bodies that we hold of objects that the shop was not seen to have lost."""
    found = rows(
        settings,
        f"select id, body from raw.woocommerce_{resource} where store_id = %s and deleted_at is null",
        store_id,
    )
    return dict(found)


def differences(settings: Settings, store_id: str, shop: Shop) -> list[str]:
    """Where raw is not as the shop, by the fields that are asked for; shapes apart ('' and null, 5 and "5")."""
    told = []
    for name, resource in RESOURCES.items():
        theirs = {n: meaning(resource.fields, _with_parcels(each)) for n, each in getattr(shop, name).items()}
        ours = {n: meaning(resource.fields, each) for n, each in held(settings, store_id, name).items()}
        told += [f"{name} {number} is missing" for number in sorted(theirs.keys() - ours.keys())]
        told += [f"{name} {number} is too many" for number in sorted(ours.keys() - theirs.keys())]
        for number in sorted(ours.keys() & theirs.keys()):
            fields = [key for key in theirs[number] | ours[number] if theirs[number].get(key) != ours[number].get(key)]
            told += [f"{name} {number} differs in {key}: {ours[number].get(key)!r} for {theirs[number].get(key)!r}"
                     for key in fields]  # fmt: skip
    return told


def meaning(fields: Fields, record: dict[str, Any]) -> dict[str, Any]:
    """A record's listed fields in one shape, whatever a plugin made of theirs."""
    plain: dict[str, Any] = {}
    for path in fields.readers:
        plain[path] = _plain(_at(record, path))
    return {name: value for name, value in plain.items() if value not in (None, {}, [])}


def _with_parcels(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"parcels": parcels_of(record)}


def _at(value: Any, path: str) -> Any:
    """What stands at a path of the list of fields: `billing.email`, `line_items[].name`, `meta_data[_refund_type]`."""
    name, _, rest = path.partition(".")
    head, _, key = name.rstrip("]").partition("[")
    inner = value.get(head) if isinstance(value, dict) else None
    if key:
        return [each["value"] for each in inner or [] if each["key"] == key]
    if name.endswith("[]"):
        return [_at(each, rest) for each in inner] if isinstance(inner, list) else inner
    return _at(inner, rest) if rest else inner


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: inner for name, each in value.items() if (inner := _plain(each)) is not None}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bool) or value is None:
        return value
    if value == "":
        return None
    try:
        return Decimal(str(value)).normalize() + 0
    except InvalidOperation:
        return value
