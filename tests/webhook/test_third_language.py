"""A catalogue alone makes a language: of dashboards, pages of KPIs, insights and alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from pydantic import ValidationError

from dashboards import definition, kpi_definitions
from dashboards.insights import writing
from expectations.incident_words import Incident, body_of, title_of
from tests.support import dashboard_visitors
from tests.support.languages import added, shouted, translated
from translations.extraction import extracted
from warehouse.connection import transaction
from warehouse.settings import Settings


@pytest.fixture(scope="module", autouse=True)
def capitals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Dutch, which is English in capitals here."""
    with added("nl", translated("nl", extracted(), shouted), tmp_path_factory.mktemp("translations")):
        yield


@pytest.fixture(scope="module")
def client(built: Settings) -> FlaskClient:
    return dashboard_visitors.signed_in(dashboard_visitors.web(built))


def test_a_dashboard_is_in_the_language(client: FlaskClient) -> None:
    for name in definition.names():
        page = client.get(f"/dashboards/{name}?lang=nl&from=2026-10-01&to=2026-10-31", follow_redirects=True)
        assert (page.status_code, page.headers["Content-Language"]) == (200, "nl")
        dashboard = definition.load(name)
        shown = [dashboard.title, dashboard.description, *(each.title for each in dashboard.filters)]
        shown += [section.title for section in dashboard.sections]
        shown += [text for card in dashboard.cards for text in (card.title, card.meaning)]
        for text in shown:
            assert escape(shouted(text)) in page.text
            assert f">{escape(text)}<" not in page.text


def test_the_page_of_a_kpi_is_in_the_language(client: FlaskClient) -> None:
    page = client.get("/dashboards/kpis/csat?lang=nl").text
    kpi = kpi_definitions.load()["csat"]
    assert f"<h1>{shouted(kpi.title)}</h1>" in page
    assert escape(shouted(kpi.formula)) in page


def test_insights_are_written_in_the_language(client: FlaskClient, built: Settings) -> None:
    try:
        writing.write(built)
        with transaction("owner", built) as connection, connection.cursor() as cursor:
            cursor.execute("select text from ml.insights where language = 'nl' and dashboard = 'conversations'")
            texts = [text for (text,) in cursor.fetchall()]
        assert texts
        assert all(" ROSE BY " in text or " FELL BY " in text or "MESSAGES" in text for text in texts)
        page = client.get("/dashboards/conversations?lang=nl").text
        assert any(str(escape(text)) in page for text in texts)
    finally:
        with transaction("owner", built) as connection, connection.cursor() as cursor:
            cursor.execute("delete from ml.insights")


def test_alerts_are_in_the_language() -> None:
    settings = Settings(KABAR_ALERT_LANGUAGE="nl", KABAR_PUBLIC_URL="https://kabar.example")
    details = {"newest_at": "2026-11-22T01:03:00+00:00", "expected_seconds": 1800}
    incident = Incident(1, "freshness", "app.woocommerce_syncs", "toko", details, datetime.now(UTC))
    assert title_of(2, settings.alert_language) == "KABAR: 2 PROBLEMS NEED ATTENTION"
    assert body_of([incident], settings) == (
        "- SHOP SYNC, SHOP toko: NO NEW DATA SINCE 22 nov 2026, 01:03 UTC. EXPECTED EVERY 30 MIN.\n\n"
        "DATA HEALTH: https://kabar.example/dashboards/data_health\n"
    )


def test_alerts_are_in_no_language_without_a_catalogue() -> None:
    with pytest.raises(ValidationError, match="is one of en, id, nl"):
        Settings(KABAR_ALERT_LANGUAGE="de")
