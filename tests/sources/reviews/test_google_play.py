"""Reviews of apps land from Google Play, only the new and edited ones, and never with a gap."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sources.reviews import google_play
from sources.reviews.__main__ import main
from sources.reviews.google_play_client import PAGE_SIZE, App, GooglePlayFailed
from tests.support.google_play import GooglePlayStandIn, Written, reachable
from tests.support.synced_shops import one, rows
from warehouse.connection import transaction
from warehouse.settings import Settings

APP = App("com.example.shop")
START = datetime(2025, 1, 1, tzinfo=UTC)


def written(number: int, **changes: object) -> Written:
    given = {"rating": 1 + number % 5, "text": f"Ulasan {number}", "at": START + timedelta(hours=number), **changes}
    return Written(f"gp:{number}", **given)  # type: ignore[arg-type]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[GooglePlayStandIn]:
    with GooglePlayStandIn() as play:
        reachable(play, monkeypatch)
        play.apps[APP.app_id] = [written(number) for number in range(2 * PAGE_SIZE + 50)]
        yield play


def test_all_reviews_land_at_first_with_their_app_language_and_time(
    settings: Settings, play: GooglePlayStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["google-play", "--app", APP.app_id, "--language", "id", "--store", "toko"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 2 * PAGE_SIZE + 50
    assert play.asked[0] == (APP.app_id, "id", "id", None)
    landed = "select store_id, source, rating, text, author, product, language, created_at from raw.reviews"
    [row] = rows(settings, f"{landed} where review_id = 'gp:3'")
    assert row == ("toko", "google_play", 4, "Ulasan 3", "Siti", APP.app_id, "id", START + timedelta(hours=3))


def test_the_next_fetch_stops_at_the_first_page_that_is_known(settings: Settings, play: GooglePlayStandIn) -> None:
    google_play.fetch("toko", APP, settings)
    play.asked.clear()
    play.apps[APP.app_id].append(written(9_000))
    edited = play.apps[APP.app_id][1]
    edited.text, edited.rating, edited.at = "Sekarang buruk", 1, START + timedelta(days=900)
    outcomes = google_play.fetch("toko", APP, settings)
    assert (outcomes["new"], outcomes["changed"]) == (1, 1)
    assert len(play.asked) == 2
    current = "select version, text from raw.current_reviews where review_id = 'gp:1'"
    assert rows(settings, current) == [(2, "Sekarang buruk")]
    play.asked.clear()
    outcomes = google_play.fetch("toko", APP, settings)
    assert (outcomes["new"], outcomes["changed"], len(play.asked)) == (0, 0, 1)


@pytest.mark.parametrize("failure", [503, 404, "<html>not what is expected</html>", ")]}'\n\n[[1, 2, null]]"])
def test_a_fetch_that_breaks_off_says_so_and_leaves_no_gap(
    settings: Settings, play: GooglePlayStandIn, failure: int | str
) -> None:
    play.failing_from, play.failure = 2, failure
    with pytest.raises(GooglePlayFailed, match="Google Play"):
        google_play.fetch("toko", APP, settings)
    assert one(settings, "select count(*) from raw.reviews") == 0
    play.failing_from = None
    assert google_play.fetch("toko", APP, settings)["new"] == 2 * PAGE_SIZE + 50


def test_an_app_that_does_not_exist_is_told(
    settings: Settings, play: GooglePlayStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["google-play", "--app", "com.example.none"]) == 2
    assert "does the app exist" in capsys.readouterr().err


@pytest.mark.parametrize("app", [App('com.example"],9'), App("shop"), App("com.example.shop", "indonesia")])
def test_an_id_or_language_that_none_can_have_is_not_asked_for(
    settings: Settings, play: GooglePlayStandIn, app: App
) -> None:
    with pytest.raises(GooglePlayFailed):
        google_play.fetch("toko", app, settings)
    assert play.asked == []


def test_an_app_without_reviews_is_no_failure(settings: Settings, play: GooglePlayStandIn) -> None:
    play.apps["com.example.fresh"] = []
    assert google_play.fetch("toko", App("com.example.fresh"), settings)["new"] == 0


def test_reviews_without_an_id_or_rating_are_set_aside_and_odd_texts_land(
    settings: Settings, play: GooglePlayStandIn
) -> None:
    play.apps[APP.app_id] = [
        written(1, rating=None), written(2, text=None), written(3, text="nol\0 😀 \ud83d"), Written(None, 5, "tanpa id")
    ]  # fmt: skip
    outcomes = google_play.fetch("toko", APP, settings)
    assert (outcomes["new"], outcomes["set_aside"]) == (2, 2)
    assert rows(settings, "select review_id, text from raw.reviews order by 1") == [("gp:2", ""), ("gp:3", "nol 😀 ?")]
    assert one(settings, "select count(*) from raw.rejected where source = 'google_play'") == 2


def test_each_app_of_the_settings_is_fetched_and_a_failing_one_stops_no_other(
    settings: Settings, play: GooglePlayStandIn
) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.review_apps (store_id, app_id) values ('a', 'com.example.none'), ('b', %s)",
                       [APP.app_id])  # fmt: skip
    with pytest.raises(GooglePlayFailed, match=r"com\.example\.none"):
        google_play.fetch_all(settings)
    assert one(settings, "select count(*) from raw.reviews where store_id = 'b'") == 2 * PAGE_SIZE + 50
    checked = rows(settings, "select problem is null, checked_at is not null from app.review_apps order by store_id")
    assert checked == [(False, True), (True, True)]


def test_certificates_are_still_checked() -> None:
    assert ssl._create_default_https_context is ssl.create_default_context
