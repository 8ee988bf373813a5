"""What the settings derive from a shop's costs is what its dashboard shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dbt import landing
from tests.support.dashboard_visitors import ADMIN, signed_in, web
from warehouse import formats
from warehouse.connection import transaction
from warehouse.settings import Settings


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_newest_months_costs_are_explained_with_the_figures_of_the_dashboard(
    built: Settings, language: Any
) -> None:
    costs, *_ = landing.read(built, "select * from marts.bot_costs where store_id = 'default' order by month desc")
    payback = costs["investment"] / costs["saving"]
    admin = signed_in(web(built), ADMIN)
    with transaction("inbox", built) as connection, connection.cursor() as cursor:
        cursor.execute("update app.users set language = %s where email = %s", (language, ADMIN))
    page = admin.get("/inbox/settings/costs").text
    dashboard = admin.get(f"/dashboards/bot?lang={language}").text
    for text in (
        formats.formatted(costs["saving"], "money", language),
        formats.formatted(100 * costs["saving"] / costs["cost_before"], "percent", language),
        formats.formatted(payback, "months", language),
    ):
        assert text in page
        assert text in dashboard
    assert f"{formats.count(costs['agent_minutes'], language)} m" in page
    assert formats.month(costs["month"], language) in page
