"""What a reader learns of a KPI, and what admins read of the data."""

from __future__ import annotations

import gzip
import html
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboards import documentation, kpi_definitions
from expectations import data_docs
from tests.support import two_shops
from tests.support.dashboard_visitors import ADMIN, PASSWORD, VIEWER, signed_in, web
from tests.support.database import copied, drop_database, make_database, settings_of
from warehouse import documents
from warehouse.connection import transaction
from warehouse.settings import Settings

SUITE = {"twilio_messages": ("text/html", b"<div class='ge-section'>Every row belongs to a shop</div>")}


@pytest.fixture(scope="module")
def documented(server_settings: Settings) -> Iterator[Settings]:
    """A database with marts and the documents that a build leaves."""
    with copied(server_settings, *two_shops.STEPS, two_shops.document) as environment:
        settings = settings_of(environment)
        documents.keep("validator", data_docs.NAME, SUITE, settings)
        yield settings


@pytest.fixture(scope="module")
def app(documented: Settings) -> Flask:
    return web(documented)


@pytest.fixture(scope="module")
def viewer(app: Flask) -> FlaskClient:
    return signed_in(app, VIEWER)


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return signed_in(app, ADMIN)


@pytest.fixture(scope="module")
def empty(server_settings: Settings) -> Iterator[FlaskClient]:
    """An admin where nothing was built yet."""
    environment = make_database(server_settings)
    yield signed_in(web(Settings(_env_file=None, **environment)), ADMIN)  # type: ignore[arg-type]
    drop_database(server_settings, environment)


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_kpi_has_a_page_that_says_how_it_is_computed(viewer: FlaskClient, language: str) -> None:
    for kpi in kpi_definitions.load().values():
        answer = viewer.get(f"/dashboards/kpis/{kpi.metric}?lang={language}")
        assert answer.status_code == 200, kpi.metric
        assert kpi.formula.to("id" if language == "id" else "en") in html.unescape(answer.text)


def test_a_kpi_leads_to_its_cards_its_lineage_and_its_tests(viewer: FlaskClient) -> None:
    text = html.unescape(viewer.get("/dashboards/kpis/csat?lang=en").text)
    assert "/dashboards/conversations?lang=en#card-csat" in text
    for model in ("raw.chatbot_events", "stg_chatbot_events", "fct_ratings", "int_rating_kpis", "kpi_daily"):
        assert f"<code>{model}</code>" in text, model
    assert "Csat and its response rate" in text
    assert "Two of three ratings satisfied" in text
    assert "Kpi monthly matches sum of days" in text
    assert "fct_orders" not in text


def test_a_kpi_of_the_shop_has_the_shops_checks_alone(viewer: FlaskClient) -> None:
    text = viewer.get("/dashboards/kpis/net_sales?lang=en").text
    assert "raw.woocommerce_orders" in text
    assert "Store kpi monthly matches sum of days" in text
    assert "<dt>Kpi monthly matches sum of days" not in text


def test_all_kpis_stand_in_a_list(viewer: FlaskClient) -> None:
    text = viewer.get("/dashboards/kpis").text
    assert all(f"/dashboards/kpis/{metric}" in text for metric in kpi_definitions.load())


def test_an_unknown_kpi_is_a_404_page(viewer: FlaskClient) -> None:
    answer = viewer.get("/dashboards/kpis/happiness")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_before_the_first_build_pages_say_what_will_be_there(empty: FlaskClient) -> None:
    assert "after the first KPI build" in empty.get("/dashboards/kpis/csat?lang=en").text
    assert "after the next build" in empty.get("/docs/data?lang=en").text
    assert empty.get("/docs/data/dbt").status_code == 404


@pytest.mark.parametrize("path", ["/docs/data", "/docs/data/dbt", "/docs/data/checks/twilio_messages"])
def test_documents_are_for_admins(app: Flask, viewer: FlaskClient, admin: FlaskClient, path: str) -> None:
    stranger = app.test_client().get(path)
    assert stranger.status_code == 303
    assert stranger.location.startswith("/inbox/sign-in?next=/docs/data")
    assert viewer.get(path).status_code == 403
    assert admin.get(path).status_code == 200


def test_signing_in_leads_on_to_the_documents(app: Flask) -> None:
    client = signed_in(app, ADMIN)
    answer = client.get("/inbox/sign-in?next=/docs/data")
    assert (answer.status_code, answer.location) == (303, "/docs/data")
    assert client.get("/inbox/sign-in?next=//elsewhere.example/docs").location == "/inbox"
    assert PASSWORD not in answer.text


def test_results_of_a_validation_are_shown_and_unknown_suites_are_not(admin: FlaskClient) -> None:
    assert "Every row belongs to a shop" in admin.get("/docs/data/checks/twilio_messages").text
    assert admin.get("/docs/data/checks/none").status_code == 404
    assert admin.get("/docs/data/checks/%00").status_code == 404


def test_dbts_page_comes_packed_or_plain_and_may_reach_nothing(admin: FlaskClient) -> None:
    packed = admin.get("/docs/data/dbt", headers={"Accept-Encoding": "gzip"})
    plain = admin.get("/docs/data/dbt", headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 1_500_000
    policy = plain.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-scripts;" in policy
    assert "connect-src" not in policy
    assert "/target/compiled" not in plain.text


def test_documents_are_made_anew_when_a_day_has_passed(documented: Settings) -> None:
    assert documentation.refresh(documented) is False
    with transaction("owner", documented) as opened, opened.cursor() as cursor:
        cursor.execute("update quality.documents set written_at = now() - interval '25 hours' where name = 'dbt'")
    assert documentation.refresh(documented) is True
    assert documentation.refresh(documented) is False
