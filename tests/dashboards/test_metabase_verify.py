"""`python -m dashboards verify` against a running Metabase: it finds nothing in one that is right, and every fault."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from dashboards import definition
from dashboards.metabase import cards, page_figures
from dashboards.metabase.verifying import Verified, verify
from demo.metabase import MetabaseStandIn, postgres, queries
from tests.support.provisioned import Provisioned, pointed
from warehouse.settings import Settings, variable_names


@pytest.fixture
def right(shown_shop: Settings, whole_metabase: MetabaseStandIn) -> Iterator[Provisioned]:
    with MetabaseStandIn.like(whole_metabase) as metabase:
        key = metabase.give_key() if not metabase.state.keys else next(iter(metabase.state.keys))
        yield Provisioned(metabase, pointed(shown_shop, metabase, metabase_api_key=SecretStr(key)))


def verified(metabase: Provisioned, *dashboards: str) -> Verified:
    named = [definition.load(name) for name in dashboards] or None
    return verify(metabase.settings, dashboards=named)


def test_a_changed_query_is_named_with_the_rows_that_differ(right: Provisioned) -> None:
    number = right.number("card", "Messages")
    query = right.by_hand("GET", f"/api/card/{number}?legacy-mbql=true")["dataset_query"]
    query["native"]["query"] = "select 42 as value"
    right.by_hand("PUT", f"/api/card/{number}", {"dataset_query": query})
    assert [text.partition(";")[0] for text in verified(right, "overview").differences] == [
        "provision would fix the query of the card Messages",
        "the card Messages shows other rows: the page has 2 rows, Metabase 1",
    ]


def test_a_card_that_fails_is_named_with_the_error(right: Provisioned) -> None:
    number = right.number("card", "First response")
    query = right.by_hand("GET", f"/api/card/{number}?legacy-mbql=true")["dataset_query"]
    query["native"]["query"] = "select value from marts.gone"
    right.by_hand("PUT", f"/api/card/{number}", {"dataset_query": query})
    says = verified(right, "overview").differences
    assert len(says) == 2
    assert says[1].startswith('the card First response fails: relation "marts.gone" does not exist')


def test_what_is_missing_is_named(right: Provisioned) -> None:
    right.by_hand("DELETE", f"/api/dashboard/{right.number('dashboard', 'Bot')}")
    right.by_hand("DELETE", f"/api/card/{right.number('card', 'Survey waves')}")
    says = verified(right, "bot").differences
    assert "provision would make the dashboard Bot" in says
    assert "the card Survey waves is not in Metabase" in says


def fewer(rows: list[list[Any]]) -> list[list[Any]]:
    return rows[:-1]


def other(rows: list[list[Any]]) -> list[list[Any]]:
    return [[1 + value if isinstance(value, int | float) else f"{value}x" for value in row] for row in rows]


@pytest.mark.parametrize("changed", [fewer, other])
def test_cards_that_are_as_defined_but_show_something_else_are_found(
    right: Provisioned, monkeypatch: pytest.MonkeyPatch, changed: Callable[[Any], Any]
) -> None:
    """As from a cache, another copy of the database, or rules for who may see which rows."""

    def run(*arguments: Any) -> Any:
        columns, rows = postgres.run(*arguments)
        return columns, changed(rows)

    assert verified(right, "store").differences == []
    monkeypatch.setattr(queries, "run", run)
    found = verified(right, "store")
    different = [text for text in found.differences if "shows other rows" in text]
    assert len(different) == len(found.differences)
    with_rows = [text for text in different if "the page has 0 rows" not in text]
    assert len(with_rows) > 20
    assert not any("provision would" in text for text in found.differences)


def test_rows_of_customers_are_counted_and_not_printed(right: Provisioned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "run", lambda *given: (postgres.run(*given)[0], []))
    behind = [text for text in verified(right, "store").differences if ": rows shows" in text]
    assert behind
    assert all(text.endswith(", Metabase 0") for text in behind)


def run_verify(right: Provisioned) -> tuple[int, str, str]:
    settings = right.settings
    kept = {name: value for name, value in os.environ.items() if name not in variable_names()}
    assert settings.metabase_api_key
    given = {
        "KABAR_DATABASE_URL": settings.database_url or "",
        "KABAR_READER_PASSWORD": settings.password("reader") or "",
        "KABAR_METABASE_URL": right.metabase.url,
        "KABAR_METABASE_RECIPIENTS": settings.metabase_recipients,
        "KABAR_METABASE_API_KEY": settings.metabase_api_key.get_secret_value(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dashboards", "verify"],
        env={**kept, **given},
        capture_output=True,
        text=True,
        timeout=250,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_metabase_that_is_right_shows_what_the_pages_show(right: Provisioned) -> None:
    written = len(right.metabase.writes)
    status, out, progress = run_verify(right)
    of = len(cards.questions(definition.load_all(), "en"))
    assert (status, out.splitlines()[-1]) == (0, f"Metabase 0.63: {of} cards compared, no differences")
    assert progress.splitlines()[:2] + progress.splitlines()[-1:] == [
        f"20 of {of} cards", f"40 of {of} cards", f"{of} of {of} cards",
    ]  # fmt: skip
    assert len(right.metabase.writes) == written, "it changes nothing"


def test_a_key_in_capitals_is_compared_by_the_name_that_both_show() -> None:
    card = next(card for card in definition.load("satisfaction").cards if card.id == "groups")
    row = {**dict.fromkeys(card.columns), "group_value": "Male"}
    (figures,) = page_figures.of_rows(card, [row], "id")
    assert figures[list(card.columns).index("group_value")] == card.rows["male"].to("id") != "Male"


def test_the_command_fails_if_anything_differs(right: Provisioned) -> None:
    right.by_hand("DELETE", f"/api/dashboard/{right.number('dashboard', 'Bot')}")
    status, out, _ = run_verify(right)
    assert status == 1
    assert "provision would make the dashboard Bot" in out.splitlines()
