"""Tracking numbers in the formats of the common plugins, and nothing of what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sources.woocommerce.objects import ORDERS
from sources.woocommerce.parcels import parcels_of

PHP = 'a:1:{i:0;a:4:{s:17:"tracking_provider";s:3:"jne";s:15:"tracking_number";s:10:"JP12345678";s:12:"date_shipped";i:1764288000;s:4:"note";s:3:"é!";}}'  # noqa: E501
SHIPMENT = {"tracking_provider": "jne", "custom_tracking_provider": "", "tracking_number": "JP12345678",
            "custom_tracking_link": "", "date_shipped": "1764288000", "tracking_id": "f00"}  # fmt: skip
JNE = {"number": "JP12345678", "carrier": "JNE", "shipped_on": "2025-11-28"}


def meta(**values: Any) -> dict[str, Any]:
    return {"meta_data": [{"id": n, "key": key, "value": value} for n, (key, value) in enumerate(values.items())]}


@pytest.mark.parametrize(
    ("order", "parcels"),
    [
        (meta(_wc_shipment_tracking_items=[SHIPMENT]), [JNE]),
        (meta(_wc_shipment_tracking_items={"0": SHIPMENT}), [JNE]),
        (meta(_wc_shipment_tracking_items=json.dumps([SHIPMENT])), [JNE]),
        (meta(_wc_shipment_tracking_items=json.dumps(json.dumps([SHIPMENT]))), [JNE]),
        (meta(_wc_shipment_tracking_items=PHP), [JNE]),
        (
            # Advanced Shipment Tracking: its own link and products beside the same names
            meta(_wc_shipment_tracking_items=[SHIPMENT | {"ast_tracking_link": "https://lacak.example/JP12345678",
                                                          "products_list": [{"product": 1, "qty": 2}]}]),
            [JNE | {"url": "https://lacak.example/JP12345678"}],
        ),
        (
            meta(_wc_shipment_tracking_items=[
                {"tracking_provider": "", "custom_tracking_provider": "Kurir Toko", "tracking_number": "KT-0001",
                 "custom_tracking_link": "https://kurir.example/lacak?no=KT-0001"}, {"tracking_number": "KT-0002"}]),
            [{"number": "KT-0001", "carrier": "Kurir Toko", "url": "https://kurir.example/lacak?no=KT-0001"},
             {"number": "KT-0002"}],
        ),
        (
            meta(_aftership_tracking_items=[{"slug": "sicepat", "tracking_number": "004512345678"}],
                 _aftership_tracking_number="004512345678", _aftership_tracking_provider_name="SiCepat"),
            [{"number": "004512345678", "carrier": "SiCepat"}],
        ),
        (meta(_aftership_tracking_number="JX1", _aftership_tracking_provider="jne"), []),
        (
            meta(_tracking_number=4512345678, _tracking_provider="tiki", _tracking_url="https://tiki.example/4512345678"),
            [{"number": "4512345678", "carrier": "TIKI", "url": "https://tiki.example/4512345678"}],
        ),
        (
            meta(ywot_tracking_code="RR123456785ID", ywot_carrier_name="Pos Indonesia", ywot_pick_up_date="2026-11-20"),
            [{"number": "RR123456785ID", "carrier": "Pos Indonesia", "shipped_on": "2026-11-20"}],
        ),
        (meta(_ywot_tracking_code="RR123456785ID", _ywot_carrier_id="POS"),
         [{"number": "RR123456785ID", "carrier": "Pos Indonesia"}]),
        (meta(no_resi="JP1234, JP1235\nJP1236", kurir="J&T"),
         [{"number": number, "carrier": "J&T Express"} for number in ("JP1234", "JP1235", "JP1236")]),
        (meta(nomor_resi="0012 3456 7890"), [{"number": "001234567890"}]),
        (meta(pok_data={"courier": "jne", "service": "REG", "no_resi": "JNE001234"}),
         [{"number": "JNE001234", "carrier": "JNE"}]),
        (
            {"line_items": [meta(_vi_wot_order_item_tracking_data='[{"tracking_number": "SP12345", '
                                 '"carrier_slug": "jne", "carrier_url": "https://lacak.example/{tracking_number}"}]')]},
            [{"number": "SP12345", "carrier": "JNE", "url": "https://lacak.example/SP12345"}],
        ),
        # What is none.
        (meta(_tracking_number="akan menyusul"), []),
        (meta(_tracking_number=True, _resi=None, no_resi=[], pok_data=7), []),
        (meta(_wc_shipment_tracking_items="a:1:{i:0;O:8:\"stdClass\":0:{}}"), []),
        (meta(_wc_shipment_tracking_items='a:1:{i:0;s:99:"short";}'), []),
        (meta(_wc_shipment_tracking_items="[" * 5000), []),
        (meta(_tracking_number="JP123", _tracking_url="javascript:alert(1)"), [{"number": "JP123"}]),
        (meta(_billing_phone="08123456789", tracking_note="JP999"), []),
        ({"meta_data": {"key": "_tracking_number", "value": "JP123"}}, []),
        ({}, []),
    ],
)  # fmt: skip
def test_a_parcel_is_found_as_the_plugin_wrote_it(order: dict[str, Any], parcels: list[dict[str, str]]) -> None:
    assert parcels_of(order) == parcels


def test_of_meta_data_nothing_but_parcels_is_kept() -> None:
    order = {"id": 1, "customer_note": "pagar hijau", "line_items": [{"name": "Kopi", **meta(_engraving="Siti")}]}
    order |= meta(_tracking_number="JP123", _stripe_customer_id="cus_1", gift_note="untuk Siti")
    kept = ORDERS.fields.kept(order)
    assert kept == {"id": 1, "line_items": [{"name": "Kopi"}], "parcels": [{"number": "JP123"}]}
