"""The list of a shop's fields says who reads each: nobody reads what is not asked for, nothing is asked for in vain."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg2.extras import register_default_jsonb

from bot.deciding import orders
from bot.knowledge import documents
from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn, recorded_shop
from sources import woocommerce
from sources.woocommerce.objects import RESOURCES, Shape, identity
from sources.woocommerce.shops import DATE_TYPES
from warehouse.connection import transaction
from warehouse.identity import hash_key, phone_key
from warehouse.settings import ROOT, Settings

RECORDED = ROOT / "tests" / "data" / "woocommerce_shop"
RECONCILIATION = (
    "analytics_rows", "analytics_orders", "analytics_reasons", "unpaid_candidates", "days_ids", "order_digests"
)  # fmt: skip
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PHONE = "+6281200000077"

Reads = dict[str, set[str]]  # by kind


class Watched(dict[str, Any]):
    """An object that notes which of its fields are asked for, as the list of fields writes them."""

    def __init__(self, value: dict[str, Any], seen: set[str], path: str = "") -> None:
        super().__init__(value)
        self.seen, self.path = seen, path

    def get(self, name: str, default: Any = None) -> Any:
        path = f"{self.path}{name}"
        self.seen.add(path)
        value = super().get(name, default)
        if isinstance(value, dict):
            return Watched(value, self.seen, f"{path}.")
        if isinstance(value, list):
            return [Watched(each, self.seen, f"{path}[].") if isinstance(each, dict) else each for each in value]
        return value

    def __getitem__(self, name: str) -> Any:
        return self.get(name)


def listed(reader: str) -> Reads:
    fields = {kind: {field for field, by in each.fields.readers.items() if reader in by.split()}
              for kind, each in RESOURCES.items()}  # fmt: skip
    return {kind: found for kind, found in fields.items() if found}


def plain(reads: Reads) -> Reads:
    """What was read, without lists and objects of which only parts were."""
    inner = {kind: {field.split(".")[0].partition("[")[0] for field in fields if re.search(r"[.\[]", field)}
             for kind, fields in reads.items()}  # fmt: skip
    return {kind: fields - inner[kind] for kind, fields in reads.items() if fields - inner[kind]}


def require_same(reader: str, *all_reads: Reads) -> None:
    """That a reader reads the fields of the list that name it, all of them and no other."""
    read, named = joined(*all_reads), listed(reader)
    kinds = sorted(read.keys() | named.keys())
    unlisted = {kind: read.get(kind, set()) - named.get(kind, set()) for kind in kinds}
    unread = {kind: named.get(kind, set()) - read.get(kind, set()) for kind in kinds}
    assert [f"{kind}: {each}" for kind, fields in unlisted.items() for each in fields] == [], "read and not listed"
    assert [f"{kind}: {each}" for kind, fields in unread.items() for each in fields] == [], "listed and not read"


def joined(*all_reads: Reads) -> Reads:
    found: Reads = defaultdict(set)
    for reads in all_reads:
        for kind, fields in reads.items():
            found[kind] |= fields
    return plain(found)


def sql_reads(files: list[Path]) -> Reads:
    """What statements take out of the bodies of `raw`'s tables."""
    found: Reads = defaultdict(set)
    for file in files:
        text = file.read_text()
        tables = re.findall(r"raw\.woocommerce_(\w+)(?: as (\w+))?", text)
        kinds = {alias or f"woocommerce_{kind}": kind for kind, alias in tables if kind in RESOURCES}
        for alias, field in re.findall(r"\b(\w+)\.body ->>? '(\w+)'", text):
            for kind in [kinds[alias]] if alias in kinds else kinds.values():
                found[kind].add(field)
        for alias in re.findall(r"\b(\w+)\.body ->> %\(date_type\)s", text):
            found[kinds[alias]] |= set(DATE_TYPES)
        for alias, key in re.findall(r"\b(\w+)\.body,\s+'\$\.meta_data\[\*\] \? \(@\.key == \"(\w+)\"", text):
            found[kinds[alias]].add(f"meta_data[{key}]")
        # The elements of a list, named as the list is.
        for start, lines, field in ((m.end(), *m.groups()) for m in re.finditer(r"(\w+)\.line ->> '(\w+)'", text)):
            owner = re.compile(rf"(\w+)\.body -> '{lines}'").search(text, start)
            assert owner, f"{file}: whose {lines}?"
            found[kinds[owner[1]]].add(f"{lines}[].{field}")
        for alias, lines, field in re.findall(
            r"(\w+)\.body -> '(\w+)'\s+@> jsonb_build_array\(jsonb_build_object\('(\w+)'", text
        ):
            found[kinds[alias]].add(f"{lines}[].{field}")
    return found


def dbt_reads() -> Reads:
    """What the staging models take, and of its lists what the models after them take."""
    found: Reads = defaultdict(set)
    for file in (ROOT / "dbt" / "models" / "staging" / "store").glob("stg_woocommerce_*.sql"):
        text, kind = file.read_text(), file.stem.removeprefix("stg_woocommerce_")
        if kind not in RESOURCES:
            continue
        found[kind] |= set(re.findall(r"source\.body ->>? '(\w+)'", text))
        for columns in re.findall(r"as body \((.*?)\n    \)", text, re.DOTALL):
            found[kind] |= set(re.findall(r"^\s+(\w+) \w+,?$", columns, re.MULTILINE))
        found[kind] |= {f"meta_data[{key}]" for key in re.findall(r'@\.key == "(\w+)"', text)}
    for file in (ROOT / "dbt" / "models").rglob("*.sql"):
        text = file.read_text()
        staged = set(re.findall(r"ref\('stg_woocommerce_(\w+)'\)", text)) & set(RESOURCES)
        for lists, field in element_reads(text):
            [kind] = [each for each in staged if lists in found[each]]
            found[kind].add(f"{lists}[].{field}")
    return found


def element_reads(text: str) -> Iterator[tuple[str, str]]:
    for start, lists, alias in (
        (m.start(), *m.groups())
        for m in re.finditer(r"elements\('\w+\.(\w+)'\) \}\}\s+(?:with ordinality )?as (\w+)", text)
    ):
        query = text[text.rfind("(\n", 0, text.rfind("select", 0, start)) : start]
        for field in re.findall(rf"\b{alias} ->> '(\w+)'", query):
            yield lists, field
        for columns in re.findall(rf"{alias}\.body'?\"?\) \}}\}}\) as \w+ \((.*?)\n    \)", text[start:], re.DOTALL):
            for field in re.findall(r"^\s+(\w+) \w+,?$", columns, re.MULTILINE):
                yield lists, field


def test_dbt_reads_what_the_list_says() -> None:
    require_same("dbt", dbt_reads())


def test_the_validation_reads_what_the_list_says() -> None:
    require_same("validation", sql_reads([*(ROOT / "expectations" / "sql").glob("*.sql")]))


def test_the_reconciliation_reads_what_the_list_says() -> None:
    folder = ROOT / "sources" / "woocommerce" / "sql"
    require_same("reconciliation", sql_reads([next(folder.glob(f"{name}.*")) for name in RECONCILIATION]))


def test_the_sync_reads_what_the_list_says(settings: Settings) -> None:
    folder = ROOT / "sources" / "woocommerce" / "sql"
    views = [*(ROOT / "warehouse" / "migrations" / "versions").glob("*_objects.sql")]
    statements = [each for each in folder.glob("*.sql") if each.stem not in RECONCILIATION]
    require_same("sync", sql_reads([*statements, *views]), rows_read(settings), by_id_read())


def rows_read(settings: Settings) -> Reads:
    """What becomes of an object's fields when it is landed, from recorded objects, each also with its local dates."""
    found: Reads = defaultdict(set)
    shape = Shape(hash_key(settings), "ID", ZoneInfo("Asia/Jakarta"))
    shop = recorded_shop(RECORDED)
    first = min(shop.refunds)
    shop.refunds[first] = {**shop.refunds[first], "shipping_lines": [{"total": "1"}], "tax_lines": [{"tax_total": "1"}]}
    for kind, resource in RESOURCES.items():
        for each in [*getattr(shop, kind).values()][:500]:
            for given in (each, {name: value for name, value in each.items() if not name.endswith("_gmt")}):
                watched = Watched(given, found[kind])
                identity(watched)
                resource.row(watched, shape)
    return found


def by_id_read() -> Reads:
    """A product's address answers for a variation too."""
    text = (Path(woocommerce.__file__).parent / "by_id.py").read_text()
    return {"products": set(re.findall(r'answer\.value\.get\("(\w+)"\)', text))}


@pytest.fixture
def store_id(settings: Settings) -> Iterator[str]:
    """A shop in which everything that the bot may look at is to be seen."""
    made = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    parcel = {"tracking_number": "JP123", "tracking_provider": "jne", "custom_tracking_link": "https://lacak.example",
              "date_shipped": "1764288000"}  # fmt: skip
    order = made.create_order(Draft([Line(1, "Kopi", 1, 9)], billing={"phone": PHONE, "country": "ID"}))  # type: ignore[arg-type]
    made.edit_order(order, meta_data=[{"id": 1, "key": "_wc_shipment_tracking_items", "value": [parcel]}])
    made.create_refund(order)
    varied = [{"id": 1, "name": "Berat", "variation": False, "options": ["1 kg"]}]
    stocked = {"manage_stock": True, "stock_quantity": 3, "attributes": varied, "categories": [{"id": 1, "name": "K"}]}
    made.create_product("Kopi", 9, **stocked)
    made.create_product("", 9, purchasable=False)
    number = made.create_variation(made.create_product("Teh", 9, attributes=varied), "", 9)
    made.edit_variation(number, manage_stock=True, stock_quantity=3, purchasable=True)
    made.edit_variation(made.create_variation(max(made.products), "", 9), purchasable=False,
                        attributes=[{"id": 1, "name": "Berat", "option": "1 kg"}])  # fmt: skip
    with WooCommerceStandIn(made) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        woocommerce.sync("toko", settings)
        yield "toko"


def test_the_bot_reads_what_the_list_says(settings: Settings, store_id: str) -> None:
    found: Reads = defaultdict(set)
    kind = "orders"

    def watched(text: str) -> Any:
        value = json.loads(text)
        if isinstance(value, list):
            # Beside a product stand its variations; beside an order its refunds, which SQL has taken apart.
            return [Watched(each, found["variations"]) for each in value] if kind == "products" else value
        return Watched(value, found[kind])

    register_default_jsonb(globally=True, loads=watched)
    try:
        with transaction("bot", settings) as connection, connection.cursor() as cursor:
            assert orders.of_customer(cursor, store_id, phone_key(PHONE, hash_key(settings)))[0].parcels[0].url
        kind = "products"
        documents.read_products(settings, store_id)
    finally:
        register_default_jsonb(globally=True)
    statements = sql_reads([*(ROOT / "bot").rglob("*.sql")])
    require_same("bot", found, statements)
