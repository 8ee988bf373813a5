"""Twilio's record lands whole, once, and in any order with the webhook's deliveries, whatever happens on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg2.extras import Json

from demo.shapes import RFC_2822, inbound_form, record, sid
from demo.twilio import Fault, TwilioStandIn
from sources import twilio_client
from sources.twilio import Loaded, load
from sources.twilio_client import TwilioRefused
from warehouse import twilio_shape
from warehouse.connection import connect, transaction
from warehouse.identity import hash_key
from warehouse.settings import ROOT, Settings, SettingsMissing

ACCOUNT = sid("AC", "the tests' shop")
TOKEN = "the tests' token"
NOW = datetime.now(UTC).replace(microsecond=0)


def messages(count: int, hours: float = 1.0, newest: datetime | None = None) -> list[dict[str, Any]]:
    """Messages going back from now, one every so many hours, by turns of the customer and the shop."""
    return [
        record(
            sid("SM", number), ACCOUNT, f"whatsapp:+62812{number % 7:08d}", f"message {number}",
            (newest or NOW) - timedelta(hours=hours * number + 0.1), inbound=number % 2 == 0,
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.fixture(params=[False, True], ids=["bounds are instants", "bounds are whole days"])
def any_twilio(request: pytest.FixtureRequest) -> Iterator[TwilioStandIn]:
    with TwilioStandIn(ACCOUNT, TOKEN, whole_days=request.param) as twilio:
        yield twilio


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn(ACCOUNT, TOKEN) as twilio:
        yield twilio


def told(settings: Settings, twilio: TwilioStandIn, **changes: Any) -> Settings:
    """The settings of a shop whose Twilio is the stand-in."""
    variables = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_BASE": twilio.url, **changes}
    return Settings(_env_file=None, **variables)  # type: ignore[call-arg]


def rows(settings: Settings) -> dict[str, dict[str, Any]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select message_sid, to_jsonb(m) from raw.twilio_messages as m")
        return dict(cursor.fetchall())


def one(settings: Settings, question: str) -> Any:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        found = cursor.fetchone()
        return found[0] if found else None


def land_form(settings: Settings, form: dict[str, str]) -> None:
    """What the webhook does with a delivery: the row if there is none, else a conflict."""
    message = twilio_shape.from_form(form, settings.default_store, hash_key(settings))
    hashed = twilio_shape.payload_hash(form)
    with transaction("webhook", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.twilio_messages (message_sid, account_sid, store_id, channel, direction, customer_key,"
            " body, payload, payload_hash, received_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, now())"
            " on conflict do nothing",
            (*vars(message).values(), Json(form), hashed),
        )
        if cursor.rowcount == 0:
            cursor.execute(
                "insert into raw.conflicts (source, id, payload_hash, payload) values ('twilio_messages', %s, %s, %s)"
                " on conflict do nothing",
                (message.message_sid, hashed, Json(form)),
            )


def test_the_first_run_loads_six_months_and_the_next_one_only_the_end(
    settings: Settings, any_twilio: TwilioStandIn
) -> None:
    settings = told(settings, any_twilio)
    any_twilio.put(messages(400, hours=10))
    too_old = record(sid("SM", "old"), ACCOUNT, "whatsapp:+6281", "x", NOW - timedelta(days=190), inbound=True)
    any_twilio.put([too_old])

    first = load(settings=settings)

    assert first.inserted == len(rows(settings)) == 400
    assert rows(settings)[sid("SM", 3)]["direction"] == "outbound"
    asked = len(any_twilio.requests)
    assert asked >= 183

    late = record(sid("SM", "late"), ACCOUNT, "whatsapp:+628123", "sorry", NOW - timedelta(hours=30), inbound=True)
    any_twilio.put([late])
    again = load(settings=settings)

    assert (again.inserted, again.updated) == (1, 0)
    assert len(any_twilio.requests) - asked <= 5


def test_a_day_of_several_pages_lands_whole(
    settings: Settings, any_twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_client, "PAGE_SIZE", 20)
    settings = told(settings, any_twilio)
    same_second = [record(sid("SM", n), ACCOUNT, "whatsapp:+628123", "hi", NOW - timedelta(hours=5), inbound=True)
                   for n in range(95)]  # fmt: skip
    any_twilio.put(same_second)

    load(since=NOW - timedelta(days=2), settings=settings)

    assert len(rows(settings)) == 95


def test_a_message_at_midnight_belongs_to_a_day(settings: Settings, any_twilio: TwilioStandIn) -> None:
    settings = told(settings, any_twilio)
    midnight = (NOW - timedelta(days=3)).replace(hour=0, minute=0, second=0)
    times = [midnight + timedelta(seconds=offset) for offset in (-1, 0, 1)]
    any_twilio.put(record(sid("SM", at), ACCOUNT, "whatsapp:+628123", "hi", at, inbound=True) for at in times)

    load(since=NOW - timedelta(days=5), settings=settings)

    assert sorted(rows(settings)) == sorted(sid("SM", at) for at in times)


def test_what_has_not_changed_is_not_touched(settings: Settings, twilio: TwilioStandIn) -> None:
    settings = told(settings, twilio)
    twilio.put(messages(30))
    load(since=NOW - timedelta(days=3), settings=settings)
    before = rows(settings)

    again = load(since=NOW - timedelta(days=3), settings=settings)

    assert rows(settings) == before
    assert again.unchanged >= 30
    assert (again.inserted, again.updated) == (0, 0)


def test_a_changed_status_is_seen_and_an_older_record_does_not_undo_it(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    settings = told(settings, twilio)
    sent = record(sid("SM", 1), ACCOUNT, "whatsapp:+628123", "hi", NOW - timedelta(hours=2), inbound=False,
                  status="sent")  # fmt: skip
    failed = {**sent, "status": "undelivered", "date_updated": (NOW - timedelta(hours=1)).strftime(RFC_2822)}
    status = "select status from raw.twilio_current_statuses"
    for shown, expected in ((sent, "sent"), (failed, "undelivered"), (sent, "undelivered")):
        twilio.put([shown])
        load(since=NOW - timedelta(days=1), settings=settings)
        assert one(settings, status) == expected


@pytest.mark.parametrize("first", ["webhook", "record"])
def test_webhook_and_record_give_the_same_row_in_either_order(
    settings: Settings, twilio: TwilioStandIn, first: str
) -> None:
    settings = told(settings, twilio)
    shown = record(sid("SM", 1), ACCOUNT, "whatsapp:+6281234567890", "mana paketku?", NOW - timedelta(hours=1),
                   inbound=True)  # fmt: skip
    form = inbound_form(shown, "Sari")
    other = {**form, "Body": "changed on the way"}
    twilio.put([shown])

    def deliver() -> None:
        land_form(settings, form)
        land_form(settings, other)

    def read() -> None:
        load(since=NOW - timedelta(days=1), settings=settings)

    for step in (deliver, read) if first == "webhook" else (read, deliver, read):
        step()

    row = rows(settings)[shown["sid"]]
    assert row["payload"] == form
    assert row["payload_hash"] == twilio_shape.payload_hash(form)
    assert row["record"] == shown
    assert row["body"] == "mana paketku?"
    assert row["received_at"] is not None
    assert datetime.fromisoformat(row["sent_at"]) == NOW - timedelta(hours=1)
    expected = twilio_shape.from_form(form, settings.default_store, hash_key(settings))
    assert {name: row[name] for name in vars(expected)} == vars(expected)


def test_a_message_not_sent_yet_has_its_time_of_creation_and_nul_is_left_out(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    settings = told(settings, twilio)
    queued = {**messages(1)[0], "date_sent": None, "body": "a\x00b"}
    twilio.put([queued])
    load(since=NOW - timedelta(days=1), settings=settings)
    row = rows(settings)[queued["sid"]]
    assert datetime.fromisoformat(row["sent_at"]) == NOW - timedelta(minutes=6)
    assert row["body"] == row["record"]["body"] == "ab"


def test_bad_records_are_set_aside_and_the_rest_lands(settings: Settings, twilio: TwilioStandIn) -> None:
    settings = told(settings, twilio)
    good = messages(10)
    base = good[0]
    bad = [
        None,
        "text",
        {key: value for key, value in base.items() if key != "sid"},
        {**base, "sid": "SMdirection", "direction": "sideways"},
        {**base, "sid": "SMdate", "date_updated": "yesterday"},
        {**base, "sid": "SMdates", "date_sent": 7},
        {**base, "sid": "SMaddress", "from": None},
        {**base, "sid": "SMbody", "body": {"text": "hi"}},
    ]
    twilio.put([*good, *bad])

    loaded = load(since=NOW - timedelta(days=1), settings=settings)

    assert loaded.inserted == len(rows(settings)) == 10
    assert one(settings, "select count(*) from raw.rejected") == len(bad)
    assert one(settings, "select reason from raw.rejected where id = 'SMdirection'") == "unknown direction"
    before = one(settings, "select jsonb_agg(r order by id) from raw.rejected as r")
    load(since=NOW - timedelta(days=1), settings=settings)
    assert one(settings, "select jsonb_agg(r order by id) from raw.rejected as r") == before


def test_faults_that_pass_are_waited_out(
    settings: Settings, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_client, "PAGE_SIZE", 10)
    monkeypatch.setattr(twilio_client, "ANSWER_SECONDS", 0.3)
    settings = told(settings, twilio)
    twilio.put(messages(60))
    twilio.fail(
        Fault(status=429, retry_after=0), Fault(status=500), None, Fault(cut=100), None, Fault(status=503),
        Fault(cut=0), None, Fault(seconds=0.6),
    )  # fmt: skip

    loaded = load(since=NOW - timedelta(days=4), settings=settings)

    assert loaded.inserted == len(rows(settings)) == 60
    assert len(twilio.requests) > 9


def test_the_wait_that_twilio_asks_for_is_kept(settings: Settings, twilio: TwilioStandIn) -> None:
    settings = told(settings, twilio)
    twilio.fail(Fault(status=429, retry_after=1))
    load(since=NOW.replace(hour=0, minute=0, second=0), settings=settings)
    assert len(twilio.requests) == 2, "who comes back too soon is told so once more"


def test_a_wrong_token_is_said_in_plain_words(settings: Settings, twilio: TwilioStandIn) -> None:
    with pytest.raises(TwilioRefused, match="check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"):
        load(settings=told(settings, twilio, TWILIO_AUTH_TOKEN="another"))
    assert len(twilio.requests) == 1
    with pytest.raises(SettingsMissing, match="TWILIO_ACCOUNT_SID"):
        load(settings=settings)


def test_a_range_behind_a_gap_does_not_move_the_position(settings: Settings, twilio: TwilioStandIn) -> None:
    settings = told(settings, twilio)
    position = "select position from app.sync_positions where source = 'twilio'"
    load(since=NOW - timedelta(days=10), until=NOW - timedelta(days=6), settings=settings)
    assert one(settings, position) == NOW - timedelta(days=6)
    load(since=NOW - timedelta(days=2), settings=settings)
    assert one(settings, position) == NOW - timedelta(days=6)
    twilio.put([record(sid("SM", 1), ACCOUNT, "whatsapp:+628123", "hi", NOW - timedelta(days=4), inbound=True)])
    assert load(settings=settings).inserted == 1
    assert one(settings, position) >= NOW
    load(since=NOW - timedelta(days=20), until=NOW - timedelta(days=18), settings=settings)
    assert one(settings, position) >= NOW


def test_killed_between_pages_and_run_again_nothing_is_lost_or_doubled(
    settings: Settings, twilio: TwilioStandIn
) -> None:
    settings = told(settings, twilio)
    count = 300
    twilio.put(messages(count, hours=2))
    environment = {**os.environ, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
                   "TWILIO_API_BASE": twilio.url, "KABAR_TWILIO_HISTORY_DAYS": "30"}  # fmt: skip
    command = [sys.executable, "-m", "sources.twilio"]
    landed = []
    for _ in range(2):
        twilio.fail(*[None] * (len(landed) * 8 + 12), Fault(seconds=30))
        asked = len(twilio.requests)
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        while len(twilio.requests) < asked + len(landed) * 8 + 13 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        landed.append(len(rows(settings)))
    assert 0 < landed[0] < count
    assert landed[0] < landed[1] < count

    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert len(rows(settings)) == count
    assert Loaded(**json.loads(finished.stdout)).inserted == count - landed[1]
