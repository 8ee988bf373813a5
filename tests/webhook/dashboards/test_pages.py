"""The built-in dashboard over real marts: the page says what the SQL says, in two languages, to those who signed in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboards import definition
from dashboards.filters import Filters
from tests.dbt import landing
from tests.support import dashboard_visitors
from tests.support.dashboard_visitors import figure
from warehouse import formats
from warehouse.connection import transaction
from warehouse.settings import Settings

DASHBOARD = definition.load("conversations")
OCTOBER = "from=2026-10-01&to=2026-10-31"


@pytest.fixture(scope="module")
def app(built: Settings) -> Flask:
    return dashboard_visitors.web(built)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return dashboard_visitors.signed_in(app)


@pytest.fixture
def verdict(built: Settings) -> Iterator[None]:
    """A test may write verdicts; afterwards there is none again."""
    yield
    with transaction("owner", built) as connection, connection.cursor() as cursor:
        cursor.execute("delete from quality.validations")


@pytest.mark.parametrize("channel", ["all", "web"])
def test_the_numbers_are_those_of_the_sql(client: FlaskClient, built: Settings, channel: str) -> None:
    response = client.get(f"/dashboards/conversations?{OCTOBER}&channel={channel}&lang=en")
    assert response.status_code == 200
    values = Filters(date(2026, 10, 1), date(2026, 10, 31), "default", channel).parameters()
    for card in (card for card in DASHBOARD.cards if card.chart == "number"):
        with transaction("reader", built) as connection, connection.cursor() as cursor:
            cursor.execute(card.sql, values)
            row = dict(zip([column.name for column in cursor.description or ()], cursor.fetchone() or (), strict=True))
        assert card.format
        assert figure(response, card.id) == formats.formatted(row["value"], card.format, "en")


def test_a_channel_changes_the_figures(client: FlaskClient) -> None:
    page = f"/dashboards/conversations?{OCTOBER}&channel="
    of_all, of_web = (client.get(page + channel) for channel in ("all", "web"))
    assert int(figure(of_web, "messages")) < int(figure(of_all, "messages").replace(",", ""))


def test_another_store_has_its_own_figures(client: FlaskClient, built: Settings) -> None:
    response = client.get("/dashboards/conversations?store=kedua&from=2026-09-01&to=2026-11-21")
    query = "select sum(value) as messages from marts.kpi_daily where store_id = 'kedua' and dimension = 'all' "
    query += "and metric = 'message_volume'"
    assert figure(response, "messages") == str(landing.read(built, query)[0]["messages"])
    assert "America/New_York" in response.text


def test_a_channel_stays_chosen_in_a_shop_that_has_none_of_it(client: FlaskClient) -> None:
    page = client.get("/dashboards/conversations?store=kedua&channel=web")
    assert '<option value="web" selected>Web</option>' in page.text
    assert figure(page, "messages") == "–"


def test_every_card_has_its_title_its_meaning_and_a_table(client: FlaskClient) -> None:
    response = client.get(f"/dashboards/conversations?{OCTOBER}")
    for card in DASHBOARD.cards:
        part = response.text.split(f'id="card-{card.id}"')[1].split("</article>")[0]
        assert card.title in part
        assert card.meaning.replace("'", "&#39;") in part
        assert ("<table>" in part) is (card.chart != "number")


@pytest.mark.parametrize(("query", "language"), [("lang=id", "id"), ("lang=en", "en"), ("", "en"), ("lang=xx", "en")])
def test_the_language_is_that_of_the_address_else_the_accounts(
    client: FlaskClient, query: str, language: definition.Language
) -> None:
    response = client.get(f"/dashboards/conversations?{query}", headers={"Accept-Language": "id"})
    assert f'<html lang="{language}">' in response.text
    assert f"<h1>{DASHBOARD.title.to(language)}</h1>" in response.text


def test_the_language_switch_keeps_the_filters(client: FlaskClient) -> None:
    response = client.get(f"/dashboards/conversations?{OCTOBER}&channel=web&lang=en")
    links = re.findall(r'href="([^"]*lang=id[^"]*)"', response.text)
    assert links
    assert all(part in links[0] for part in ("from=2026-10-01", "to=2026-10-31", "channel=web"))


@pytest.mark.parametrize(
    "query",
    ["from=x", "to=2026-02-30", "from=2026-11-02&to=2026-11-01", "from=1990-01-01", "store=nobody", "channel=%00"],
)
@pytest.mark.parametrize("language", ["en", "id"])
def test_a_filter_that_cannot_be_is_a_400_that_says_so(client: FlaskClient, query: str, language: str) -> None:
    response = client.get(f"/dashboards/conversations?{query}&lang={language}")
    assert response.status_code == 400
    assert response.mimetype == "text/html"
    assert {"en": "can&#39;t be shown", "id": "tidak dapat ditampilkan"}[language] in response.text


@pytest.mark.usefixtures("verdict")
@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("verdict_now", [None, "pass", "warn", "fail"])
def test_the_verdict_on_the_data_is_said_in_words(
    client: FlaskClient, built: Settings, verdict_now: str | None, language: str
) -> None:
    if verdict_now:
        with transaction("validator", built) as connection, connection.cursor() as cursor:
            run = (str(uuid.uuid4()), "messages", verdict_now)
            cursor.execute("insert into quality.validations (run_id, suite, verdict) values (%s, %s, %s)", run)
    expected = {
        "pass": ("Data checks passed", "Pemeriksaan data lolos"),
        "warn": ("Data checks: warning", "Pemeriksaan data: peringatan"),
        "fail": ("Data checks failed", "Pemeriksaan data gagal"),
    }[verdict_now or "warn"]
    assert expected[language == "id"] in client.get(f"/dashboards/conversations?lang={language}").text


def test_the_page_says_how_fresh_the_data_are_and_what_is_not_final(client: FlaskClient, built: Settings) -> None:
    query = (
        "select max(data_as_of) at time zone 'Asia/Jakarta' as local from marts.kpi_daily where store_id = 'default'"
    )
    (row,) = landing.read(built, query)
    text = client.get("/dashboards/conversations?lang=en").text
    assert f"Data as of {row['local']:%-d %b %Y, %H:%M} WIB" in text
    assert re.search(r"Not final from \d+ Nov 2026", text)
    assert "Not final" not in client.get("/dashboards/conversations?lang=en&from=2026-10-01&to=2026-10-10").text


@pytest.mark.parametrize("path", ["/dashboards", "/dashboards/store?from=2026-10-01&lang=id", "/dashboards/nothing"])
@pytest.mark.parametrize("environment", [{}, {"REMOTE_ADDR": "203.0.113.7"}])
def test_who_has_not_signed_in_is_led_to_the_form_and_back(app: Flask, path: str, environment: dict[str, str]) -> None:
    client = app.test_client()
    response = client.get(path, environ_overrides=environment, headers={"Host": "localhost"})
    assert response.status_code == 303
    form = urlsplit(response.headers["Location"])
    assert (form.path, parse_qs(form.query)) == ("/inbox/sign-in", {"next": [path]})
    assert "card-" not in response.text


def test_a_script_whose_session_is_over_is_told_so(app: Flask) -> None:
    assert app.test_client().get("/dashboards/store", headers={"X-Fragment": "1"}).status_code == 401


def test_signing_in_leads_back_to_the_dashboard_with_its_filters(app: Flask) -> None:
    client = app.test_client()
    form = client.get(client.get(f"/dashboards/store?{OCTOBER}").headers["Location"]).text
    values = dict(re.findall(r'name="(csrf_token|next)" value="([^"]*)"', form))
    values |= {"email": dashboard_visitors.VIEWER, "password": dashboard_visitors.PASSWORD}
    answer = client.post("/inbox/sign-in", data=values | {"next": values["next"].replace("&amp;", "&")})
    assert answer.headers["Location"] == f"/dashboards/store?{OCTOBER}"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_nothing_is_taken_from_elsewhere_and_pages_are_not_kept(client: FlaskClient) -> None:
    response = client.get("/dashboards")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    loaded = re.findall(r'(?:src|href)="([^"]+)"', response.text)
    assert loaded
    assert [address for address in loaded if not re.match("/(dashboards|inbox)|#", address)] == []


def test_an_unknown_dashboard_is_a_404_page(client: FlaskClient) -> None:
    response = client.get("/dashboards/nothing")
    assert (response.status_code, response.mimetype) == (404, "text/html")


def test_the_dashboard_can_be_called_by_its_name(client: FlaskClient) -> None:
    response = client.get("/dashboards/conversations?lang=id", follow_redirects=True)
    assert DASHBOARD.title.to("id") in response.text


def test_right_now_is_what_has_landed_and_waits_for_no_build(client: FlaskClient, built: Settings) -> None:
    query = "select metric, value from marts.kpi_now where store_id = 'default' and dimension = 'all'"
    now = {row["metric"]: row["value"] for row in landing.read(built, query)}
    for page in (client.get("/dashboards/store"), client.get("/dashboards/now?store=default")):
        shown = dict(re.findall(r'<dd id="now-([a-z-]+)">(?:<a [^>]*>)?([^<]*)<', page.text))
        assert shown["messages"] == formats.count(now["message_volume"], "en")
        assert shown["open"] == formats.count(now["conversations_open"], "en")
        assert shown["waiting"] == formats.count(now["conversations_waiting"], "en")
        assert shown["first-response"] == formats.formatted(now.get("first_response_time_median"), "duration", "en")


@pytest.mark.parametrize("store", ["", "?store=nobody", "?store=%00"])
def test_right_now_of_no_shop_is_a_404(client: FlaskClient, store: str) -> None:
    assert client.get(f"/dashboards/now{store}").status_code == 404


def test_another_shop_has_its_own_right_now(client: FlaskClient) -> None:
    assert 'data-live="/dashboards/now?store=kedua&amp;lang=en"' in client.get("/dashboards/store?store=kedua").text


@pytest.fixture
def insight(built: Settings) -> Iterator[None]:
    """A text on each language's page, which is gone afterwards."""
    statement = (
        "insert into ml.insights (store_id, dashboard, language, first_day, last_day, text, figures, worded_by)"
        " values ('default', 'store', %s, '2026-11-12', '2026-11-18', %s, '[]', 'template')"
    )
    with transaction("owner", built) as connection, connection.cursor() as cursor:
        for language, text in (("en", "Sales <rose> by 12.5%.\nLook at Friday."), ("id", "Penjualan naik 12,5%.")):
            cursor.execute(statement, (language, text))
    yield
    with transaction("owner", built) as connection, connection.cursor() as cursor:
        cursor.execute("delete from ml.insights")


@pytest.mark.usefixtures("insight")
def test_the_insight_of_a_dashboard_stands_above_its_cards(client: FlaskClient) -> None:
    english, indonesian = (client.get(f"/dashboards/store?lang={language}").text for language in ("en", "id"))
    assert "<p>Sales &lt;rose&gt; by 12.5%.</p><p>Look at Friday.</p>" in english
    assert f"{formats.day_range(date(2026, 11, 12), date(2026, 11, 18), 'en')}, all channels" in english
    assert "<p>Penjualan naik 12,5%.</p>" in indonesian
    assert "Sales" not in indonesian
    assert 'id="insight-title"' not in client.get("/dashboards/conversations").text
    assert 'id="insight-title"' not in client.get("/dashboards/store?store=kedua").text


def test_late_data_are_said_and_lead_to_their_health(client: FlaskClient, built: Settings) -> None:
    query = "select name from marts.freshness where status in ('late', 'stale')"
    query += " and coalesce(store_id, 'default') = 'default'"
    late = [row["name"] for row in landing.read(built, query)]
    found = re.findall(r'class="overdue"><a href="([^"]+)" title="([^"]+)"', client.get("/dashboards/store").text)
    assert [sorted(names.split(", ")) for _, names in found] == ([sorted(late)] if late else [])
    assert all(link.startswith("/dashboards/data_health") for link, _ in found)


def test_the_areas_lead_to_each_other(client: FlaskClient) -> None:
    page = client.get("/dashboards/store").text
    assert re.search(r'<a href="/dashboards\?lang=en" aria-current="page">Dashboards</a>', page)
    assert '<a href="/inbox">Conversations</a>' in page
    assert "/inbox/settings" not in page
    assert "/docs/data" not in page
