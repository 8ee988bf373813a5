"""An upload becomes passages that are found; products of the sync do too; nothing is read twice in vain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from psycopg2.extras import Json

from bot import tools
from bot.knowledge import documents
from bot.knowledge.search import search
from ml.encoder.store import encoder_in_use
from tests.encoders import put_in_use
from warehouse.connection import connect
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]

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
    assert (best.heading, best.found_by) == ("Jam buka", ("meaning",))
    # Another encoder makes the vectors of this one worthless, and they are made again.
    query("update app.knowledge_passages set encoder_version = 'older'")
    assert found(settings, "what are your opening hours", with_meaning=True) == []
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


def product(query: Query, product_id: int, **changes: Any) -> None:
    body = {
        "id": product_id, "name": "Kopi Gayo &amp; Toraja", "status": "publish", "price": "85000",
        "regular_price": "95000", "on_sale": True, "stock_status": "instock", "stock_quantity": 12,
        "catalog_visibility": "visible",
        "short_description": "<p>Asam rendah</p>", "description": "<script>x()</script><p>Rasa <b>cokelat</b>.</p>",
        "categories": [{"name": "Kopi"}], "attributes": [{"name": "Gilingan", "options": ["halus", "kasar"]}],
    }  # fmt: skip
    statement = (
        "insert into raw.woocommerce_products (store_id, id, body, asked_at) values ('shop', %s, %s, now()) "
        "on conflict (store_id, id) do update set body = excluded.body, changed_at = clock_timestamp()"
    )
    query(statement, product_id, Json(body | changes))


def test_products_of_the_sync_are_known_and_kept_in_step(settings: Settings, query: Query) -> None:
    query("insert into app.stores (store_id, name, currency) values ('shop', 'Toko', 'IDR') on conflict do nothing")
    query("update app.stores set currency = 'IDR'")
    product(query, 1)
    product(query, 2, name="Rahasia", status="draft")
    documents.refresh(settings)
    best = found(settings, "harga kopi gayo brp")[0]
    assert best.heading == "Kopi Gayo & Toraja"
    facts = "Harga, stok / price, stock: Rp85.000 (biasanya / usually Rp95.000), tersedia / in stock (12)"
    assert best.text.splitlines()[0] == facts
    texts = " ".join(row[0] for row in query("select text from app.knowledge_passages order by position"))
    assert "cokelat" in texts
    assert "x()" not in texts
    assert "Rahasia" not in texts
    first = query("select min(passage_id) from app.knowledge_passages")
    documents.refresh(settings)
    assert query("select min(passage_id) from app.knowledge_passages") == first
    product(query, 1, stock_status="outofstock", stock_quantity=0)
    documents.refresh(settings)
    assert "habis / out of stock" in found(settings, "harga kopi gayo brp")[0].text
    query("update raw.woocommerce_products set deleted_at = now(), changed_at = clock_timestamp()")
    documents.refresh(settings)
    assert found(settings, "harga kopi gayo brp") == []


def test_a_product_with_variations_names_each_with_price_and_stock(settings: Settings, query: Query) -> None:
    product(query, 1, attributes=[{"name": "Berat", "variation": True, "options": ["250 g", "1 kg"]}])
    for variation_id, (weight, price, stock) in enumerate([("250 g", "85000", "instock"), ("1 kg", "", "outofstock")]):
        body = {"status": "publish", "price": price, "stock_status": stock, "attributes": [{"option": weight}]}
        statement = (
            "insert into raw.woocommerce_variations (store_id, id, product_id, body, asked_at) "
            "values ('shop', %s, 1, %s, now())"
        )
        query(statement, variation_id, Json(body))
    documents.read_products(settings, "shop")
    lines = query("select text from app.knowledge_passages order by position")[0][0].splitlines()
    assert lines[1:3] == ["- 250 g: 85000, tersedia / in stock", "- 1 kg: habis / out of stock"]
