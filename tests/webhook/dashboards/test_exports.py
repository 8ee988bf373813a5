"""Cards as files: the figures that the page shows, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from dashboards import definition, exports
from dashboards.filters import Filters
from tests.support.dashboard_visitors import signed_in, web
from warehouse.settings import Settings

JAKARTA = ZoneInfo("Asia/Jakarta")
MONTHS = next(card for card in definition.load("store").cards if card.id == "months")
OCTOBER = "from=2026-10-01&to=2026-10-31"
FILES = {"csv": ("text/csv", b"\xef\xbb\xbf"), "png": ("image/png", b"\x89PNG")}
KINDS = {
    "conversations/csat", "conversations/response_time", "issues/issues_a_day", "store/products", "store/months",
    "satisfaction/quadrants", "satisfaction/item_gaps", "satisfaction/word_cloud",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(built: Settings) -> FlaskClient:
    return signed_in(web(built))


def read(text: str) -> list[dict[str, str]]:
    assert text.startswith(exports.BYTE_ORDER_MARK), "Excel would not know its letters"
    return list(csv.DictReader(io.StringIO(text.removeprefix(exports.BYTE_ORDER_MARK))))


def test_a_number_is_exported_as_it_is_shown(client: FlaskClient) -> None:
    (row,) = read(client.get(f"/dashboards/conversations/cards/csat.csv?{OCTOBER}&channel=web").text)
    page = client.get(f"/dashboards/conversations?{OCTOBER}&channel=web&lang=en").text
    assert f"{row['numerator']} of {row['denominator']} ratings" in page
    assert float(row["value"]) == pytest.approx(100 * int(row["numerator"]) / int(row["denominator"]))


def test_a_chart_is_exported_with_every_point(client: FlaskClient) -> None:
    rows = read(client.get(f"/dashboards/store/cards/sales.csv?{OCTOBER}").text)
    (total,) = read(client.get(f"/dashboards/store/cards/net_sales.csv?{OCTOBER}").text)
    assert sum(float(row["value"]) for row in rows) == pytest.approx(float(total["value"]))
    assert {row["day"] for row in rows} <= {date(2026, 10, day).isoformat() for day in range(1, 32)}
    assert {row["is_final"] for row in rows} <= {"true", "false"}


@pytest.mark.parametrize("card", sorted(KINDS))
@pytest.mark.parametrize(
    ("ending", "kind", "start"),
    [
        ("csv", "text/csv", b"\xef\xbb\xbf"),
        ("png", "image/png", b"\x89PNG"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_every_kind_of_card_can_be_saved(client: FlaskClient, card: str, ending: str, kind: str, start: bytes) -> None:
    dashboard, name = card.split("/")
    response = client.get(f"/dashboards/{dashboard}/cards/{name}.{ending}?{OCTOBER}&lang=id")
    assert (response.status_code, response.mimetype) == (200, kind)
    assert response.data.startswith(start)
    saved = response.headers["Content-Disposition"]
    assert saved == f'attachment; filename="kabar-{dashboard}-{name}-default-2026-10-01-2026-10-31.{ending}"'


def test_excel_in_indonesian_opens_a_csv_in_columns_with_numbers(client: FlaskClient) -> None:
    path = f"/dashboards/conversations/cards/csat.csv?{OCTOBER}"
    (english,) = read(client.get(path).text)
    header, row = client.get(f"{path}&lang=id").text.removeprefix(exports.BYTE_ORDER_MARK).splitlines()
    found = dict(zip(header.split(";"), row.split(";"), strict=True))
    assert found == {name: value.replace(".", ",") for name, value in english.items()}
    assert "," in found["value"]


def test_an_excel_file_has_the_figures_of_the_csv_under_titles_in_the_readers_language(client: FlaskClient) -> None:
    path = f"/dashboards/store/cards/months.{{}}?{OCTOBER}"
    rows = read(client.get(path.format("csv")).text)
    header, *values = sheet(client.get(path.format("xlsx") + "&lang=id").data)
    assert len(values) == len(rows) > 0
    assert header == [column.title.to("id") for column in MONTHS.columns.values()]
    for of_csv, of_excel in zip(rows, values, strict=True):
        for text, value in zip(of_csv.values(), of_excel, strict=True):
            same = exports.write(["x"], [[value.date() if isinstance(value, datetime) else value]], "en").splitlines()[
                1
            ]
            assert text == (same if value is not None else "")


def test_times_in_an_excel_file_are_the_shops_and_texts_are_no_formulas() -> None:
    moment = datetime(2026, 10, 1, 22, 0, tzinfo=UTC)
    row = ["=1\x0b+1", moment, Decimal("0.5"), 12, True, None, date(2026, 10, 1)]
    ((*cells,),) = load_workbook(io.BytesIO(exports.workbook(["a"] * len(row), [row], JAKARTA))).active.iter_rows(2)
    assert [cell.value for cell in cells[:6]] == [
        "=1+1",
        moment.astimezone(JAKARTA).replace(tzinfo=None),
        0.5,
        12,
        True,
        None,
    ]
    assert cells[0].data_type == "s"
    assert cells[6].value.date() == date(2026, 10, 1)


def test_a_dashboard_is_saved_as_a_pdf_of_the_chosen_period(client: FlaskClient) -> None:
    response = client.get(f"/dashboards/conversations.pdf?{OCTOBER}&channel=web&lang=id")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.data.startswith(b"%PDF")
    assert "conversations-default-2026-10-01-2026-10-31-web.pdf" in response.headers["Content-Disposition"]
    assert client.get("/dashboards/none.pdf").status_code == 404
    assert client.get("/dashboards/conversations.pdf?from=x").status_code == 400


def sheet(content: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_what_was_chosen_stands_in_the_name_of_the_file(client: FlaskClient) -> None:
    path = f"/dashboards/issues/cards/issue_table.csv?{OCTOBER}&channel=web&issue=payment&language=en"
    assert "-2026-10-31-web-payment-en.csv" in client.get(path).headers["Content-Disposition"]


def test_a_channel_that_another_shop_alone_has_is_named_too(client: FlaskClient) -> None:
    path = "/dashboards/conversations/cards/csat.png?store=kedua&channel=web"
    assert client.get(path).data.startswith(FILES["png"][1])


@pytest.mark.parametrize("name", ["none", "../app", "csat.png"])
def test_an_unknown_card_is_a_404(client: FlaskClient, name: str) -> None:
    assert client.get(f"/dashboards/conversations/cards/{name}.csv").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+62", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(exports.write(["name"], [[text]], "en").split("\r\n", 1)[1]))
    assert cell == f"'{text}"


def test_values_keep_what_they_are() -> None:
    moment = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
    row = ["Kemeja, 'linen' \"A\"", -2, 3.0, 0.5, True, None, moment]
    written = exports.write(["a"] * len(row), [row], "en")
    (_, cells) = csv.reader(io.StringIO(written))
    assert cells == ["Kemeja, 'linen' \"A\"", "-2", "3", "0.5", "true", "", "2026-10-01T03:00:00+00:00"]


def test_a_file_has_a_plain_name_whatever_its_parts_are() -> None:
    chosen = Filters(date(2026, 10, 1), date(2026, 10, 2), 'toko "melati"/../x')
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", exports.name('a"b\r\nc', chosen))


def test_every_card_of_every_dashboard_has_a_file(client: FlaskClient) -> None:
    for dashboard in definition.load_all():
        for card in dashboard.cards:
            response = client.get(f"/dashboards/{dashboard.name}/cards/{card.id}.csv?{OCTOBER}")
            assert response.status_code == 200, f"{dashboard.name}/{card.id}"
