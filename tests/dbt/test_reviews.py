"""Reviews from files to marts: one row per review as it is now, on the day of the shop."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.transform import build_part
from sources.reviews.__main__ import main
from tests.support.synced_shops import one, rows
from warehouse.connection import transaction
from warehouse.settings import Settings

FILE = """id,rating,text,created_at,product,language
a,3,Biasa saja,2025-01-31T18:00:00Z,Kopi,id
b,4,,2025-01-31T12:00:00Z,,
c,1,Ditarik,2025-02-01,Kopi,id
"""
EDITED = "id,rating,text,created_at,product,language\na,5,Sekarang bagus,2025-02-03 08:00,Kopi,id\n"


def test_marts_hold_the_newest_version_of_each_review_that_is_still_shown(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(FILE)
    assert main(["import", str(file)]) == 0
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.stores (store_id, timezone) values ('default', 'Asia/Makassar')")
    build_part("reviews", settings)
    figures = (
        "select review_id, version, rating, rating_sentiment, day, month, product, language, text_length"
        " from marts.fct_reviews order by 1"
    )
    february = date(2025, 2, 1)
    assert rows(settings, figures) == [
        ("a", 1, 3, "negative", february, february, "Kopi", "id", 10),
        ("b", 1, 4, "positive", date(2025, 1, 31), date(2025, 1, 1), None, None, 0),
        ("c", 1, 1, "negative", february, february, "Kopi", "id", 7),
    ]
    file.write_text(EDITED)
    assert main(["import", str(file)]) == 0
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update raw.reviews set withdrawn_at = now() where review_id = 'c'")
    build_part("reviews", settings)
    assert rows(settings, figures)[0] == ("a", 2, 5, "positive", date(2025, 2, 3), february, "Kopi", "id", 14)
    assert one(settings, "select count(*) from marts.fct_reviews") == 2
