"""Finds an order's parcels in the meta data of shipment plugins."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

Parcel = dict[str, str]


class _Keys(NamedTuple):
    """The keys of one plugin, or of a record, that describe one parcel; the first one with a value counts."""

    number: tuple[str, ...]
    carrier: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    shipped: tuple[str, ...] = ()


# Keys are compared in lower case, without leading underscores.
_COURIERS = ("kurir", "courier", "ekspedisi", "nama_kurir", "jasa_pengiriman")
_COMMON = _Keys(
    ("tracking_number", "tracking_code", "tracking_no", "wc_tracking_number"),
    ("tracking_provider", "custom_tracking_provider", "tracking_carrier", "tracking_company", "shipping_carrier"),
    ("tracking_url", "tracking_link", "custom_tracking_link"),
    ("date_shipped", "tracking_date", "ship_date"),
)
_RESI = _Keys(("resi", "no_resi", "nomor_resi", "noresi", "resi_number", "resi_pengiriman", "shipping_resi"), _COURIERS)
_WAYBILL = _Keys(("awb", "no_awb", "awb_number", "airwaybill", "jne_awb", "waybill", "waybill_number"), _COURIERS)
_PLUGINS = (
    _COMMON,
    _Keys(
        ("aftership_tracking_number",),
        ("aftership_tracking_provider_name", "aftership_tracking_provider"),
        ("aftership_tracking_url",),
        ("aftership_tracking_shipdate",),
    ),
    _Keys(
        ("ywot_tracking_code",),
        ("ywot_carrier_name", "ywot_carrier_id"),
        ("ywot_carrier_url", "ywot_tracking_url"),
        ("ywot_pick_up_date",),
    ),
    _Keys(("wot_tracking_number",), ("wot_tracking_carrier",)),
    _RESI,
    _WAYBILL,
    _Keys(("pok_resi", "pok_no_resi", "pok_nomor_resi", "pok_tracking_number"), ("pok_courier", "pok_kurir")),
    _Keys(("biteship_waybill_id", "biteship_tracking_id"), ("biteship_courier", "biteship_courier_code")),
)
_LISTS = (
    "wc_shipment_tracking_items",
    "aftership_tracking_items",
    "vi_wot_order_item_tracking_data",
    "pok_data",
    "shipment_tracking",
    "tracking_items",
    "wcshipping_labels",
    "wc_connect_labels",
)
# In a record of such a list, or in a record under one of the keys above.
_RECORD = _Keys(
    (*_COMMON.number, *_RESI.number, *_WAYBILL.number, "tracking", "waybill_id"),
    ("tracking_provider_name", "formatted_tracking_provider", *_COMMON.carrier, "carrier_name", *_COURIERS, "carrier",
     "carrier_slug", "carrier_id", "slug", "courier_code"),
    ("custom_tracking_link", "ast_tracking_link", "formatted_tracking_link", "tracking_url", "tracking_link",
     "carrier_url"),
    ("date_shipped", "shipped_at", "ship_date"),
)  # fmt: skip
_NAMES = frozenset(name for plugin in _PLUGINS for names in plugin for name in names) | frozenset(_LISTS)
KEYS = frozenset(before + name for name in _NAMES for before in ("", "_"))

# Plugins' names for carriers, and the names that customers know.
_CARRIERS = {
    "jne": "JNE",
    "jne-indonesia": "JNE",
    "tiki": "TIKI",
    "pos": "Pos Indonesia",
    "pos-indonesia": "Pos Indonesia",
    "jnt": "J&T Express",
    "j&t": "J&T Express",
    "jtexpress": "J&T Express",
    "jt-express": "J&T Express",
    "sicepat": "SiCepat",
    "anteraja": "AnterAja",
    "ninja": "Ninja Xpress",
    "ninjavan-id": "Ninja Xpress",
    "lion": "Lion Parcel",
    "lion-parcel": "Lion Parcel",
    "spx": "SPX Express",
    "ide": "ID Express",
    "wahana": "Wahana",
    "sap": "SAP Express",
    "gosend": "GoSend",
    "dhl": "DHL",
    "ups": "UPS",
    "usps": "USPS",
    "fedex": "FedEx",
}
_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9-]{3,39}")
_BETWEEN = re.compile(r"[,;|\n]+")
_TAG = re.compile(r"<[^>]*>")
_TIMESTAMP = re.compile(r"(\d{10})(?:\d{3})?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{2})[-/](\d{2})[-/](\d{4})")
_MAX_CARRIER_LENGTH, _MAX_URL_LENGTH = 60, 300
_DEEPEST = 5
_MOST = 20
_PHP = re.compile(rb'a:\d+:\{|\}|s:(?P<length>\d+):"|[idb]:(?P<number>[-0-9.E+]+);|N;')


def parcels_of(order: Mapping[str, Any]) -> list[Parcel]:
    """The parcels in the meta data of an order and of its lines, each number once: `number`, and where known `carrier`,
    `url` (https or http) and `shipped_on` (YYYY-MM-DD)."""
    found: dict[str, Parcel] = {}
    for meta in (order, *_dicts(order.get("line_items"))):
        for parcel in _parcels(_by_name(meta.get("meta_data"))):
            found[parcel["number"]] = {**parcel, **found.get(parcel["number"], {})}
    return list(found.values())[:_MOST]


def _by_name(meta_data: Any) -> dict[str, Any]:
    entries = ((each.get("key"), each.get("value")) for each in _dicts(meta_data))
    named = ((key.lstrip("_").lower(), _unpacked(value)) for key, value in entries if isinstance(key, str))
    return {name: value for name, value in named if name in _NAMES and value not in (None, "", [], {})}


def _parcels(entries: Mapping[str, Any]) -> Iterator[Parcel]:
    for name in _LISTS:
        yield from _in_records(entries.get(name), 0)
    for plugin in _PLUGINS:
        yield from _read(plugin, entries)
        for name in plugin.number:
            if isinstance(entries.get(name), dict | list):
                yield from _in_records(entries[name], 0)


def _in_records(value: Any, depth: int) -> Iterator[Parcel]:
    """The parcels of a record, or of records nested in lists and other records."""
    value = _unpacked(value)
    if depth > _DEEPEST or not isinstance(value, dict | list):
        return
    if isinstance(value, dict):
        named = {str(name).lstrip("_").lower(): each for name, each in value.items()}
        if parcels := list(_read(_RECORD, named)):
            yield from parcels
            return
    for each in value.values() if isinstance(value, dict) else value:
        yield from _in_records(each, depth + 1)


def _read(keys: _Keys, entries: Mapping[str, Any]) -> Iterator[Parcel]:
    shared = {
        "carrier": _first(entries, keys.carrier, _carrier),
        "url": _first(entries, keys.url, _url),
        "shipped_on": _first(entries, keys.shipped, _day),
    }
    known = {name: value for name, value in shared.items() if value}
    for name in keys.number:
        for number in _numbers(entries.get(name)):
            url = {"url": known["url"].replace("{tracking_number}", number)} if "url" in known else {}
            yield {"number": number, **known, **url}


def _first(entries: Mapping[str, Any], names: Iterable[str], read: Any) -> str | None:
    return next((found for name in names if (found := read(_text(entries.get(name))))), None)


def _numbers(value: Any) -> Iterator[str]:
    """The tracking numbers in a text, separated by commas or lines; one may be written in groups."""
    for each in value if isinstance(value, list) else [value]:
        for part in _BETWEEN.split(_text(each)):
            words = part.split()
            number = "".join(words) if all(re.search(r"\d", word) for word in words) else part.strip()
            if _NUMBER.fullmatch(number):
                yield number


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _TAG.sub(" ", html.unescape(str(value))).strip()


def _carrier(text: str) -> str | None:
    name = " ".join(text.split())
    return _CARRIERS.get(name.lower(), name) if 0 < len(name) <= _MAX_CARRIER_LENGTH else None


def _url(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_one = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    return text if is_one and len(text) <= _MAX_URL_LENGTH and not re.search(r"[\s<>\"']", text) else None


def _day(text: str) -> str | None:
    """A date; plugins write a day as the timestamp of midnight UTC."""
    try:
        if stamp := _TIMESTAMP.fullmatch(text):
            return datetime.fromtimestamp(int(stamp[1]), UTC).date().isoformat()
        if day := _DAY.fullmatch(text):
            return date.fromisoformat(day[1]).isoformat()
        if day := _DAY_FIRST.fullmatch(text):
            return date(int(day[3]), int(day[2]), int(day[1])).isoformat()
    except ValueError:
        pass
    return None


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _unpacked(value: Any) -> Any:
    """The value in a text of JSON or serialised PHP; anything else as it is."""
    for _ in range(2):
        if not isinstance(value, str) or (value.strip()[:2] not in ("a:", "s:") and value.strip()[:1] not in '[{"'):
            return value
        text = value.strip()
        try:
            value = _from_php(text.encode()) if text[1:2] == ":" else json.loads(text)
        except (ValueError, RecursionError):
            return value
    return value


def _from_php(data: bytes) -> Any:
    """A value written by PHP's `serialize`: arrays, texts, numbers. Raises ValueError for anything else."""
    stack: list[list[Any]] = [[]]
    place = 0
    while place < len(data):
        token = _PHP.match(data, place)
        if token is None or (token[0] == b"}" and len(stack) == 1):
            raise ValueError("not serialised")
        place = token.end()
        if token[0].startswith(b"a:"):
            stack.append([])
        elif token[0] == b"}":
            items = stack.pop()
            stack[-1].append(dict(zip(map(str, items[::2]), items[1::2], strict=True)))
        elif token["length"]:
            text = data[place : place + int(token["length"])]
            place += len(text) + 2
            stack[-1].append(text.decode())
        else:
            stack[-1].append(token["number"].decode() if token["number"] else None)
    [[value]] = stack
    return value
