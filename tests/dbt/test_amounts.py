"""What counts as an amount is the same for the sync, the bot (which asks the sync) and dbt."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jinja2

from sources.woocommerce.objects import amount_of
from warehouse.settings import ROOT

ODD = ["12", "-12.50", "0", "007", "1" * 30, "1" * 31, "0." + "1" * 30, "0." + "1" * 31, "", " 12", "12 ", "12\n",
       "+12", "12.", ".5", "-", "1e3", "1,000", "1.000.000", "NaN", "Infinity", "0x10", "١٢", "12.5.1", "true", "null",
       12, -3, 12.5, 1e-7, 1e16, 1e300, 0.1, True, False, None, [1], {"a": 1}]  # fmt: skip


def test_an_amount_is_one_for_all_or_for_none(query: Callable[..., list[tuple[Any, ...]]]) -> None:
    macros = jinja2.Template((ROOT / "dbt" / "macros" / "store.sql").read_text()).module
    as_amount = macros.as_amount("body ->> 'amount'")  # type: ignore[attr-defined]
    for value in ODD:
        body = json.dumps({"amount": value})
        [(by_dbt,)] = query(f"select {as_amount} from (select %s::jsonb as body) as given", body)
        assert amount_of(value) == by_dbt, value
        if by_dbt is not None:
            # What the reconciliation takes without a look, since nothing else is landed.
            assert query("select (%s::jsonb ->> 'amount')::numeric", body) == [(by_dbt,)], value
