"""Chatbot events: signed after Standard Webhooks, held against the published schema, landed whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demo.signing import sign_event
from warehouse.identity import email_key, id_key, phone_key
from webhook.app import create_app
from webhook.senders.events import parse_time

KEY = b"a key for tests only"


def test_events_of_every_type_land_with_their_columns(post, senders, query):
    kinds = ("message", "handover", "rating_requested", "rating", "closed")
    assert post(senders.events([senders.event(kind, event_id=kind) for kind in kinds])).status_code == 200
    rows = query(
        "select event_id, author, text, rating, store_id, occurred_at from raw.chatbot_events order by event_id"
    )
    at = datetime(2026, 11, 1, 3, tzinfo=UTC)
    assert rows == [
        ("closed", None, None, None, "default", at),
        ("handover", None, None, None, "default", at),
        ("message", "customer", "halo", None, "default", at),
        ("rating", None, None, 5, "default", at),
        ("rating_requested", None, None, None, "default", at),
    ]


def test_phone_and_id_become_keys_and_the_phone_comes_first(post, senders, query):
    customer = {"phone": "0812-3456-7890", "id": "v1", "name": "Siti"}
    assert post(senders.events(senders.event(customer=customer))).status_code == 200
    phone = phone_key("+6281234567890", KEY)
    assert query("select phone_key, id_key, customer_key from raw.chatbot_events") == [
        (phone, id_key("v1", KEY), phone)
    ]


def test_an_e_mail_address_becomes_a_key_without_case_and_what_is_none_does_not(post, senders, query):
    addresses = (" Siti@Example.test", "siti@example.test\x00", "siti", "")
    batch = [senders.event(customer={"id": "v1", "email": address}) for address in addresses]
    assert post(senders.events([*batch, senders.event()])).status_code == 200
    key = email_key("siti@example.test", KEY)
    assert query("select email_key, count(*) from raw.chatbot_events group by 1 order by 1") == [(key, 2), (None, 3)]
    assert query("select distinct customer_key from raw.chatbot_events where email_key = %s", key)[0] == (
        id_key("v1", KEY),
    )


def test_unknown_fields_are_kept_nul_is_not_and_a_bot_may_say_that_it_had_no_answer(post, senders, query):
    event = senders.event(author="bot", text="maaf\x00", answered=False, store="default", mood={"deep": [1, "\x00x"]})
    assert post(senders.events(event)).status_code == 200
    rows = query("select text, answered, store_id, payload->'mood' from raw.chatbot_events")
    assert rows == [("maaf", False, "default", {"deep": [1, "x"]})]


def test_a_customers_message_may_need_no_reply(post, senders, query):
    texts = {"makasih": {"needs_reply": False}, "di mana?": {"needs_reply": True}, "halo": {}}
    of_customer = [senders.event(text=text, **said) for text, said in texts.items()]
    of_bot = senders.event(author="bot", text="halo kak", needs_reply=False)
    assert post(senders.events([*of_customer, of_bot])).status_code == 200
    assert dict(query("select text, needs_reply from raw.chatbot_events")) == {
        "makasih": False, "di mana?": True, "halo": None, "halo kak": None
    }  # fmt: skip
    assert post(senders.events(senders.event(needs_reply="no"))).status_code == 422


def test_fields_of_another_type_are_kept_and_not_typed(post, senders, query):
    assert post(senders.events(senders.event("closed", rating=9, author=3, text=None))).status_code == 200
    assert query("select rating, author, text, payload->'rating' from raw.chatbot_events") == [(None, None, None, 9)]


def test_a_batch_with_a_bad_event_lands_nothing_and_the_answer_names_each_fault(post, senders, query):
    bad = senders.event("rating", event_id="e2", rating=6, occurred_at="2026-11-01 10:00", customer={"phone": "secret"})
    answer = post(senders.events([senders.event(), bad, "secret", {"type": "message"}]))
    assert answer.status_code == 422
    named = {(fault["index"], fault["field"]) for fault in answer.json["errors"]}
    assert {(1, "rating"), (1, "occurred_at"), (1, "customer.phone"), (2, ""), (3, "event_id"), (3, "text")} <= named
    assert all(fault["event_id"] == "e2" for fault in answer.json["errors"] if fault["index"] == 1)
    assert b"secret" not in answer.data
    assert query("select count(*) from raw.chatbot_events") == [(0,)]


def test_an_id_twice_in_a_batch_is_one_row_and_another_body_is_a_conflict(post, senders, query):
    event = senders.event(event_id="e1", text="first")
    assert post(senders.events([event, event, event | {"text": "second"}])).status_code == 200
    assert query("select text from raw.chatbot_events") == [("first",)]
    assert query("select source, id, payload->>'text' from raw.conflicts") == [("chatbot_events", "e1", "second")]


def test_500_events_land_and_501_and_none_do_not(post, senders, query):
    assert post(senders.events([senders.event() for _ in range(500)])).status_code == 200
    assert post(senders.events([senders.event() for _ in range(501)])).status_code == 422
    assert post(senders.events([])).status_code == 422
    assert query("select count(*) from raw.chatbot_events") == [(500,)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": 1e999}', 400),
        (b'{"a": ' + b"9" * 5000 + b"}", 400),
        (b'{"a": 1, "a": 1}', 400),
        (b"[" * 100_000, 400),
        (b"[" * 40 + b"]" * 40, 400),
        (b"3", 422),
    ],
)
def test_what_is_no_unambiguous_json_is_refused(post, senders, body, status):
    assert post(senders.events(body)).status_code == status


def test_half_a_surrogate_pair_is_named_and_refused(post, senders):
    answer = post(senders.events([senders.event(text="\ud83d")]))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "text")


@pytest.mark.parametrize("secret", ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_the_secret_is_taken_with_and_without_its_prefix(web_settings, senders, secret, monkeypatch):
    monkeypatch.setenv("KABAR_EVENTS_SECRET", secret)
    client = create_app(type(web_settings)(_env_file=None)).test_client()
    delivery = senders.events(senders.event())
    assert client.post(delivery.path, data=delivery.body, headers=delivery.headers).status_code == 200


def test_signatures_that_are_stale_early_foreign_or_malformed_are_403(client, senders):
    good = senders.events(senders.event())
    minutes_off = [datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-6, 6)]
    wrong = [sign_event(good.body, senders.secret, at=at) for at in minutes_off]
    wrong.append(sign_event(good.body, "b3RoZXI="))
    for name, value in (
        ("webhook-timestamp", "NaN"), ("webhook-timestamp", "1e400"), ("webhook-signature", "v1"),
        ("webhook-signature", "v1,a"), ("webhook-signature", "v1,é,"), ("webhook-signature", ""),
        ("webhook-id", "other"),
    ):  # fmt: skip
        wrong.append(good.headers | {name: value})
    for headers in wrong:
        assert client.post(good.path, data=good.body, headers=headers).status_code == 403


def test_the_schema_is_published(client):
    answer = client.get("/webhooks/chatbot/schema.json")
    assert answer.json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(answer.json["required"]) == {"event_id", "type", "occurred_at", "channel", "customer"}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-01T10:00:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01t10:00:00.1234567z", datetime(2026, 11, 1, 10, 0, 0, 123456, UTC)),
        ("2026-11-01T10:00:00.5-03:30", datetime(2026, 11, 1, 13, 30, 0, 500000, UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2999-01-01T00:00:00+14:00", datetime(2998, 12, 31, 10, tzinfo=UTC)),
        ("2026-11-01T10:00:00", None),
        ("2026-11-01T10:00Z", None),
        ("2026-11-01 10:00:00Z", None),
        ("2026-02-30T10:00:00Z", None),
        ("2026-11-01T24:00:00Z", None),
        ("2026-11-01T10:00:00+24:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("٢٠٢٦-11-01T10:00:00Z", None),
        ("1762000000", None),
    ],
)
def test_times_are_read_after_rfc_3339(text, time):
    assert parse_time(text) == time


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "3000-01-01T00:00:00+07:00",
    ],
)
def test_times_at_which_nothing_can_have_happened_are_refused(post, senders, query, at):
    answer = post(senders.events([senders.event(), senders.event(event_id="odd", occurred_at=at)]))
    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {"index": 1, "event_id": "odd", "field": "occurred_at", "error": "must lie between 2000 and tomorrow"}
    ]
    assert query("select count(*) from raw.chatbot_events") == [(0,)]


def test_old_events_and_clocks_that_are_ahead_are_taken(post, senders, query):
    ahead = (datetime.now(UTC) + timedelta(hours=20)).isoformat()
    given = [senders.event(occurred_at="2009-05-01T10:00:00Z"), senders.event(occurred_at=ahead)]
    assert post(senders.events(given)).status_code == 200
    assert query("select count(*) from raw.chatbot_events") == [(2,)]
