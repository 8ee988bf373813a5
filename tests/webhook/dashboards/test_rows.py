"""The pages of rows behind a card: what a card leads to, and what an address may ask for."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from dashboards import definition, exports, facts
from dashboards.filters import Filters
from dashboards.reader import Reader
from tests.support.dashboard_visitors import signed_in, web
from warehouse import connection
from warehouse.connection import transaction
from warehouse.settings import Settings

CARDS = "/dashboards/conversations/cards"
OCTOBER = "from=2026-10-01&to=2026-10-31"
CHOSEN = f"{OCTOBER}&channel=web&lang=en"


@pytest.fixture(scope="module")
def app(built: Settings) -> Flask:
    return web(built)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return signed_in(app)


def read(text: str) -> list[list[str]]:
    assert text.startswith(exports.BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(exports.BYTE_ORDER_MARK))))


def test_a_card_leads_to_its_rows_its_files_and_its_definition(client: FlaskClient) -> None:
    page = client.get(f"/dashboards/conversations?{CHOSEN}").text
    links = re.findall(r'href="([^"]*csat[^"]*)"', page)
    found = {link.replace("&amp;", "&").partition("?")[0]: link.replace("&amp;", "&") for link in links}
    assert {f"{CARDS}/csat/facts", f"{CARDS}/csat.csv", f"{CARDS}/csat.png", "/dashboards/kpis/csat"} <= set(found)
    for link in found.values():
        assert "channel=web" in link
        assert client.get(link).status_code == 200


def test_the_rows_add_up_to_the_card_and_the_page_says_so(client: FlaskClient) -> None:
    page = client.get(f"{CARDS}/csat/facts?{CHOSEN}").text
    said = re.search(r"(\d+) of (\d+) rows counted", page)
    assert said
    counted, total = map(int, said.groups())
    assert f"{counted} of {total} ratings" in client.get(f"/dashboards/conversations?{CHOSEN}").text
    assert page.count("<tr>") == 1 + total
    header, *rows = read(client.get(f"{CARDS}/csat/facts.csv?{CHOSEN}").text)
    assert len(rows) == total
    assert [row[header.index("is_satisfied")] for row in rows].count("true") == counted
    excel = load_workbook(io.BytesIO(client.get(f"{CARDS}/csat/facts.xlsx?{CHOSEN}").data)).active
    assert excel.max_row == 1 + total
    assert {row[header.index("channel")] for row in rows} == {"web"}


def test_a_day_of_a_chart_and_a_part_of_a_bar_lead_to_their_own_rows(client: FlaskClient) -> None:
    page = client.get(f"/dashboards/conversations?{OCTOBER}&lang=en").text
    assert f"{CARDS}/message_volume/facts?from=2026-10-09&amp;to=2026-10-09" in page
    link = re.search(rf'href="({CARDS}/response_time_bucket/facts[^"]*part=never[^"]*)"', page)
    assert link
    rows = client.get(link[1].replace("&amp;", "&")).text
    assert "Only “Never”." in rows


def test_the_page_says_which_part_of_the_messages_its_rows_are_of(client: FlaskClient) -> None:
    narrowed = client.get(f"{CARDS}/bot_success_rate/facts?{CHOSEN}&issue=payment").text
    assert "<li>Web</li><li>Payment</li>" in narrowed
    of_all_issues = client.get(f"{CARDS}/csat/facts?{CHOSEN}&issue=payment").text
    assert "<li>Web</li><li>All issues: this card has no issue filter.</li>" in of_all_issues
    of_all = client.get(f"/dashboards/store/cards/sales/facts?{CHOSEN}&issue=payment").text
    assert "<li>Web</li>" not in of_all, "the store's dashboard has no such filters"


@pytest.mark.parametrize(
    ("language", "titles"), [("en", ("Agent", "Under 1 minute")), ("id", ("Agen", "Di bawah 1 menit"))]
)
def test_values_are_shown_by_their_titles(client: FlaskClient, language: str, titles: tuple[str, str]) -> None:
    page = client.get(f"{CARDS}/response_time_bucket/facts?{OCTOBER}&lang={language}").text
    cells = set(re.findall(r"<td[^>]*>\s*([^<]*?)\s*</td>", page))
    assert set(titles) <= cells
    assert not {"agent", "bot", "under_1m", "never"} & cells


def test_many_rows_come_in_pages(client: FlaskClient) -> None:
    first, second = (client.get(f"{CARDS}/messages/facts?{OCTOBER}&page={page}").text for page in (1, 2))
    assert first.count("<tr>") == second.count("<tr>") == 1 + facts.ROWS_A_PAGE
    assert "page=2" in first
    assert 'rel="prev"' not in first
    assert 'rel="prev"' in second


def test_a_row_leads_to_its_thread_in_the_inbox(client: FlaskClient, built: Settings) -> None:
    reader = Reader(connection.url("reader", built))
    card = next(card for card in definition.load("conversations").cards if card.id == "unanswered_rate")
    with reader.session() as session:
        extent = session.extents()["default"]
        row = facts.rows(session, card, Filters(extent.first_day, extent.last_day, "default"), most=1)[0]
    reader.close()
    statement = "select conversation_id from app.conversations where (store_id, channel, customer_key) = "
    with transaction("owner", built) as opened, opened.cursor() as cursor:
        cursor.execute(statement + "('default', %s, %s)", (row["channel"], row["customer_key"]))
        ((number,),) = cursor.fetchall()
    page = client.get(f"{CARDS}/unanswered_rate/facts?from={row['started_at']:%Y-%m-%d}").text
    assert f'href="/inbox/conversations/{number}"' in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dashboards/none/cards/csat/facts", 404),
        (f"{CARDS}/none/facts", 404),
        (f"{CARDS}/months/facts", 404),
        (f"{CARDS}/csat/facts?part=x", 404),
        (f"{CARDS}/issues/facts?part=%00", 400),
        (f"{CARDS}/csat/facts?page=0", 404),
        (f"{CARDS}/csat/facts?page=²", 404),
        (f"{CARDS}/csat/facts?page=99999", 404),
        (f"{CARDS}/csat/facts?issue=nothing", 400),
        (f"{CARDS}/csat/facts?from=tomorrow", 400),
        (f"{CARDS}/csat/facts?from=2025-01-01&to=2025-01-31", 200),
        (f"{CARDS}/issues/facts?part=%27%20or%201=1", 200),
    ],
)
def test_an_address_that_cannot_be_is_refused(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    "path", [f"{CARDS}/csat/facts", f"{CARDS}/csat/facts.csv", f"{CARDS}/csat.csv", f"{CARDS}/csat.png"]
)
def test_only_who_has_signed_in_sees_rows_and_files(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    assert response.status_code == 303
    assert "/inbox/sign-in" in response.headers["Location"]
