"""A Metabase that fails after each write in turn: the next run goes on, and the end is the same as without failures."""

from __future__ import annotations

import os

import pytest
from pydantic import SecretStr

from dashboards.metabase.client import MetabaseRefused
from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from tests.support.metabase_views import SMALL, Row, snapshot
from tests.support.provisioned import pointed
from warehouse.settings import Settings

SOAK = os.environ.get("KABAR_SOAK") == "1"


@pytest.fixture(scope="module")
def undisturbed(small: Settings) -> tuple[Row, int]:
    """What an undisturbed run leaves, and in how many writes."""
    with MetabaseStandIn() as metabase:
        provision(pointed(small, metabase), dashboards=SMALL)
        return snapshot(metabase), len(metabase.writes)


def test_runs_that_each_die_after_one_more_write_converge(small: Settings, undisturbed: tuple[Row, int]) -> None:
    """Each run finds what those before it left, and does not live to hear that its own write took effect. The key is
    given: one whose answer nobody heard has to be changed by the next run, which here would not live either."""
    wanted, writes = undisturbed
    with MetabaseStandIn() as metabase:
        settings, failures = pointed(small, metabase), set()
        for number in range(2 * writes):
            metabase.fail_at_write(0, "after")
            try:
                provision(settings, dashboards=SMALL)
                break
            except MetabaseRefused as refused:
                failures.add(refused.status)
            if number == 0:  # the first user is there now
                metabase.fail_at_write(None)
                settings = pointed(small, metabase, metabase_api_key=SecretStr(metabase.give_key()))
        assert number == writes - 1, "nothing was written twice"
        assert failures == {500}
        assert snapshot(metabase) == {**wanted, "keys": [["given", "Administrators"]]}
        metabase.fail_at_write(None)
        assert provision(settings, dashboards=SMALL).messages == []


@pytest.mark.soak
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_dies_at_any_write_is_finished_by_the_next(
    small: Settings, undisturbed: tuple[Row, int], when: str
) -> None:
    wanted, writes = undisturbed
    for number in range(0, writes, 1 if SOAK else 22):
        with MetabaseStandIn() as metabase:
            settings = pointed(small, metabase)
            metabase.fail_at_write(number, when)  # type: ignore[arg-type]
            with pytest.raises(MetabaseRefused, match="500 Server Error"):
                provision(settings, dashboards=SMALL)
            metabase.fail_at_write(None)
            provision(settings, dashboards=SMALL)
            assert snapshot(metabase) == wanted
            assert provision(settings, dashboards=SMALL).messages == []
