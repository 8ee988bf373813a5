"""`python -m dashboards plan` and `provision` as programs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from dashboards.metabase import caching
from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from tests.support.provisioned import ADMIN, PASSWORD, pointed
from warehouse.settings import Settings, variable_names


@pytest.fixture(scope="module")
def metabase(small: Settings) -> Iterator[MetabaseStandIn]:
    with MetabaseStandIn() as stand_in:
        provision(pointed(small, stand_in), dashboards=[])
        yield stand_in


def run(settings: Settings, metabase: MetabaseStandIn, *command: str, **more: str) -> tuple[int, str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in variable_names()}
    given = {
        "KABAR_DATABASE_URL": settings.database_url or "",
        "KABAR_READER_PASSWORD": settings.password("reader") or "",
        "KABAR_METABASE_URL": metabase.url,
        "KABAR_METABASE_USER": ADMIN,
        "KABAR_METABASE_PASSWORD": PASSWORD,
    }
    done = subprocess.run(
        [sys.executable, "-m", "dashboards", *command],
        env={**kept, **given, **more},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_plan_says_what_provision_does_then(small: Settings, metabase: MetabaseStandIn) -> None:
    key = {"KABAR_METABASE_API_KEY": metabase.give_key()}
    status, planned, _ = run(small, metabase, "plan", **key)
    assert status == 0
    status, done, _ = run(small, metabase, "provision", **key)
    assert status == 0
    would = [line.removeprefix("would ") for line in planned.splitlines() if line.startswith("would ")]
    assert would == [line for line in done.splitlines() if not line.startswith(("note: ", "Metabase "))]
    assert f"Metabase 0.63: {len(would)} changes" in done
    assert "note: KABAR_METABASE_RECIPIENTS is empty" in done
    status, again, _ = run(small, metabase, "provision", **key)
    assert (status, again.splitlines()[-1]) == (0, "Metabase 0.63: nothing to change")


def test_a_failure_is_one_line_in_metabases_words(small: Settings, metabase: MetabaseStandIn) -> None:
    status, out, error = run(small, metabase, "plan", KABAR_METABASE_PASSWORD="guessed")
    assert (status, out) == (1, "")
    assert error == "dashboards: plan: POST /api/session: 401 password: did not match stored password\n"


def test_clearing_says_where_it_is_not_to_be_had(small: Settings, metabase: MetabaseStandIn) -> None:
    assert "402 Granular Caching is a paid feature" in caching.clear(pointed(small, metabase))


def test_a_metabase_that_may_clear_forgets_our_databases_answers(small: Settings) -> None:
    with MetabaseStandIn(is_paid=True) as metabase:
        settings = pointed(small, metabase)
        provision(settings, dashboards=[])
        assert caching.clear(settings) == "cleared"
        assert metabase.requests[-1].path == "/api/cache/invalidate"
        number = metabase.state.all("database")[0]["id"]
        assert metabase.state.cleared == [f"database {number}", "overrides"]


def test_a_metabase_without_results_of_our_database_has_nothing_to_clear(small: Settings) -> None:
    with MetabaseStandIn(is_paid=True) as metabase:
        settings = pointed(small, metabase)
        provision(settings, dashboards=[])
        metabase.state.kinds["card"].clear()
        assert "404" in caching.clear(settings)
        assert "Could not find any questions" in caching.clear(settings)


def test_clearing_waits_for_the_first_provisioning(small: Settings) -> None:
    assert caching.clear(small) == "KABAR_METABASE_URL is not set"
    with MetabaseStandIn() as metabase:
        settings = pointed(small, metabase)
        assert caching.clear(settings).startswith("nobody has set up the Metabase")
        set_up = {"user": {"email": ADMIN, "password": PASSWORD}, "prefs": {"site_name": "Kabar"}}
        body = {"token": metabase.state.setup_token, **set_up}
        assert requests.post(f"{metabase.url}/api/setup", json=body, timeout=5).ok
        assert caching.clear(settings) == "the database Kabar is not in this Metabase yet"
