"""Customers' short, misspelt and reordered names of products."""

from __future__ import annotations

import pytest

from bot.catalogue.names import Names

PRODUCTS = {
    1: "Serum Niacinamide 10% 30ml",
    2: "Toner Mawar 100 ml",
    3: "Mukena Ratna Katun",
    4: "Mukena Dewi Sutra",
    5: "Kemeja Linen Pria",
    6: "Sabun Wajah Kunyit",
}
NAMES = Names.of([(id_, name, []) for id_, name in PRODUCTS.items()])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("serum nia berapa kak", [1]),
        ("mukena ratna ada?", [3]),
        ("how much is the rose toner mawar", [2]),
        ("kemja linen ready", [5]),
        ("ada serum 30 ml?", [1]),
        ("linen kemeja yang pria", [5]),
        ("do you have men's shirts?", [5]),
        ("is the silk one still available", [4]),
        ("mukena apa aja", [3, 4]),
        ("ongkir ke medan berapa", []),
        ("halo kak, mau tanya", []),
        ("", []),
    ],
)
def test_a_product_is_found_by_what_customers_call_it(text: str, meant: list[int]) -> None:
    assert sorted(NAMES.found_in(text).ids) == meant


def test_a_shop_without_products_names_none() -> None:
    assert Names().found_in("serum nia").ids == ()
