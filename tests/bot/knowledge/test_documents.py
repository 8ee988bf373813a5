"""An upload becomes passages that are found; products of the sync do too; nothing is read twice in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import tools
from bot.knowledge import documents
from bot.knowledge.search import search
from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from ml.encoder.store import encoder_in_use
from sources import woocommerce
from tests.support.encoders import put_in_use
from warehouse.connection import connect
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PAGE = b"# Ongkos kirim\nKe Bandung Rp9.000, ke Medan Rp22.000.\n\n# Jam buka\nSenin sampai Jumat pukul 08.00-17.00.\n"


@pytest.fixture
def upload(query: Query) -> Callable[[bytes], int]:
    def insert(content: bytes, store_id: str = "shop") -> int:
        statement = (
            "insert into app.knowledge_documents (store_id, name, media_type, content, bytes) "
            "values (%s, 'page', 'application/octet-stream', %s, %s) returning document_id"
        )
        return int(query(statement, store_id, content, len(content))[0][0])

    return insert


def found(settings: Settings, question: str, store_id: str = "shop", with_meaning: bool = False) -> list[Any]:
    encoder = encoder_in_use(settings) if with_meaning else None
    with connect("bot", settings) as connection, connection.cursor() as cursor:
        return search(cursor, store_id, question, encoder)


def state(query: Query, document_id: int) -> tuple[Any, ...]:
    return query("select state, progress, reason from app.knowledge_documents where document_id = %s", document_id)[0]


def test_what_was_read_is_found_by_its_words_alone(
    settings: Settings, query: Query, upload: Callable[..., int]
) -> None:
    document_id = upload(PAGE)
    documents.read_document(settings, document_id)
    assert state(query, document_id) == ("read", 100, None)
    best = found(settings, "ongkir ke bdg brp")[0]
    assert (best.heading, best.found_by, best.document_id) == ("Ongkos kirim", ("words",), document_id)
    assert best.fits
    assert found(settings, "ongkir ke bdg brp", store_id="another") == []
    details = query("select details, media_type from app.knowledge_documents")[0]
    assert details == ({"passages": 2, "pages": None, "language": "id", "warnings": []}, "text/markdown")


def test_with_an_encoder_it_is_found_by_meaning_in_the_other_language(
    server_settings: Settings, settings: Settings, upload: Callable[..., int], query: Query
) -> None:
    documents.read_document(settings, upload(PAGE))
    before = tools.make(settings)
    assert tools.renewed(before) is before
    put_in_use(server_settings, settings)
    assert tools.renewed(before).encoder is encoder_in_use(settings), "a worker need not be started again for it"
    assert documents.embed_passages(settings) == 2
    assert documents.embed_passages(settings) == 0
    best = found(settings, "what are your opening hours", with_meaning=True)[0]
    assert (best.heading, best.found_by) == ("Jam buka", ("words", "meaning")), "opening hours are also a synonym"
    # Another encoder makes the vectors of this one worthless, and they are made again.
    query("update app.knowledge_passages set encoder_version = 'older'")
    assert found(settings, "what are your opening hours", with_meaning=True)[0].found_by == ("words",)
    documents.refresh(settings)
    assert found(settings, "what are your opening hours", with_meaning=True)[0].heading == "Jam buka"


def test_reading_again_leaves_one_set_of_passages(settings: Settings, query: Query, upload: Callable[..., int]) -> None:
    document_id = upload(PAGE)
    for _ in range(2):
        documents.read_document(settings, document_id)
    assert query("select count(*) from app.knowledge_passages") == [(2,)]


def test_a_replacement_that_cannot_be_read_leaves_what_was_known(
    settings: Settings, query: Query, upload: Callable[..., int]
) -> None:
    document_id = upload(PAGE)
    documents.read_document(settings, document_id)
    query("update app.knowledge_documents set content = %s, uploaded_at = now()", b"\x00\x01\x02")
    documents.read_document(settings, document_id)
    assert state(query, document_id) == ("failed", 0, "unknown_type")
    assert found(settings, "ongkir")[0].heading == "Ongkos kirim"


def test_a_document_that_is_replaced_while_it_is_read_keeps_the_newer(
    settings: Settings, query: Query, upload: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = upload(PAGE)
    read = documents.reader.read

    def replaced_meanwhile(*arguments: Any) -> Any:
        query("update app.knowledge_documents set state = 'waiting', uploaded_at = now()")
        return read(*arguments)

    monkeypatch.setattr(documents.reader, "read", replaced_meanwhile)
    documents.read_document(settings, document_id)
    assert state(query, document_id)[0] == "waiting"
    assert query("select count(*) from app.knowledge_passages") == [(0,)]
    monkeypatch.undo()
    documents.read_document(settings, document_id)
    assert state(query, document_id)[0] == "read"


def test_a_deleted_document_is_no_error(settings: Settings) -> None:
    documents.read_document(settings, 4711)
    documents.give_up(settings, 4711)


def test_what_failed_for_the_last_time_says_so(settings: Settings, query: Query, upload: Callable[..., int]) -> None:
    document_id = upload(PAGE)
    documents.give_up(settings, document_id)
    assert state(query, document_id) == ("failed", 0, "our_fault")


COFFEE = {
    "regular_price": "95000", "sale_price": "85000", "on_sale": True, "manage_stock": True, "stock_quantity": 12,
    "short_description": "<p>Asam rendah</p>", "description": "<script>x()</script><p>Rasa <b>cokelat</b>.</p>",
    "categories": [{"id": 1, "name": "Kopi", "slug": "kopi"}],
    "attributes": [{"id": 1, "name": "Gilingan", "variation": False, "options": ["halus", "kasar"]}],
}  # fmt: skip


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("shop", stand_in.url, stand_in.key, stand_in.secret, settings)
        yield stand_in


def refresh(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    """What the shop has now, synced and read."""
    stand_in.shop.clock.pass_time(60)
    woocommerce.sync("shop", settings)
    documents.refresh(settings)


def test_products_of_the_sync_are_known_and_kept_in_step(
    settings: Settings, query: Query, stand_in: WooCommerceStandIn
) -> None:
    coffee = stand_in.shop.create_product("Kopi Gayo &amp; Toraja", 85000)
    stand_in.shop.edit_product(coffee, **COFFEE)
    stand_in.shop.create_product("Rahasia", 85000, status="draft")
    refresh(settings, stand_in)
    best = found(settings, "harga kopi gayo brp")[0]
    assert best.heading == "Kopi Gayo & Toraja"
    facts = "Price / Harga: Rp85.000 (usually / biasanya Rp95.000), in stock / stok tersedia (12)"
    assert best.text.splitlines()[0] == facts
    texts = " ".join(row[0] for row in query("select text from app.knowledge_passages order by position"))
    assert "cokelat" in texts
    assert "x()" not in texts
    assert "Rahasia" not in texts
    first = query("select min(passage_id) from app.knowledge_passages")
    documents.refresh(settings)
    assert query("select min(passage_id) from app.knowledge_passages") == first
    stand_in.shop.edit_product(coffee, stock_status="outofstock", stock_quantity=0)
    refresh(settings, stand_in)
    assert "out of stock / stok habis" in found(settings, "harga kopi gayo brp")[0].text
    stand_in.shop.delete_product(coffee)
    refresh(settings, stand_in)
    assert found(settings, "harga kopi gayo brp") == []


def test_a_product_with_variations_names_each_with_price_and_stock(
    settings: Settings, query: Query, stand_in: WooCommerceStandIn
) -> None:
    shop = stand_in.shop
    coffee = shop.create_product("Kopi Gayo", 85000)
    shop.edit_product(coffee, attributes=[{"id": 1, "name": "Berat", "variation": True, "options": ["250 g", "1 kg"]}])
    for weight, price, stock in [("250 g", "85000", "instock"), ("1 kg", "", "outofstock")]:
        number = shop.create_variation(coffee, f"Kopi Gayo - {weight}", 1)
        option = [{"id": 1, "name": "Berat", "option": weight}]
        shop.edit_variation(number, price=price, regular_price=price, stock_status=stock, attributes=option)
    refresh(settings, stand_in)
    lines = query("select text from app.knowledge_passages order by position")[0][0].splitlines()
    assert lines[1:3] == ["- 250 g: Rp85.000, in stock / stok tersedia", "- 1 kg: out of stock / stok habis"]


def test_a_reduced_price_begins_and_ends_without_another_sync(
    settings: Settings, query: Query, stand_in: WooCommerceStandIn
) -> None:
    coffee = stand_in.shop.create_product("Kopi Gayo", 95000)

    def told() -> str:
        refresh(settings, stand_in)
        return str(query("select text from app.knowledge_passages order by position")[0][0].splitlines()[0])

    def between(start: int, end: int) -> dict[str, str]:
        days = {"from": start, "to": end}
        return {
            f"date_on_sale_{name}_gmt": f"{datetime.now(UTC) + timedelta(days=day):%Y-%m-%dT%H:%M:%S}"
            for name, day in days.items()
        }

    stand_in.shop.edit_product(coffee, sale_price="80000", **between(1, 3))
    assert told() == "Price / Harga: Rp95.000, in stock / stok tersedia"
    stand_in.shop.edit_product(coffee, price="80000", on_sale=True, **between(-3, -1))
    assert told() == "Price / Harga: Rp95.000, in stock / stok tersedia"
    stand_in.shop.edit_product(coffee, price="95000", on_sale=False, **between(-1, 3))
    assert "Rp80.000 (usually / biasanya Rp95.000) until / sampai" in told()
    # The sale ends, with nothing else said by the shop.
    query(
        "update raw.woocommerce_products set body = body || jsonb_build_object('date_on_sale_to_gmt', "
        "to_char(now() at time zone 'UTC' - interval '1 second', 'YYYY-MM-DD\"T\"HH24:MI:SS'))"
    )
    documents.refresh(settings)
    first = query("select text from app.knowledge_passages order by position")[0][0].splitlines()[0]
    assert first == "Price / Harga: Rp95.000, in stock / stok tersedia"
