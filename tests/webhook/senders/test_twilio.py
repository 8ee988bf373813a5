"""Twilio's webhooks: what lands, what is refused, and how it is answered."""

from __future__ import annotations

import pytest

from demo.signing import sign_twilio
from warehouse.identity import id_key, phone_key
from webhook.app import create_app

KEY = b"a key for tests only"


def test_a_message_lands_whole_and_is_answered_with_empty_twiml(post, senders, query):
    answer = post(senders.message(MessageSid="SM1", Body="Halo\x00 kak 🙏", Latitude="", NewField="kept"))
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.data.endswith(b"<Response/>")
    columns = "channel, direction, customer_key, body, payload->>'NewField', payload->>'Latitude', sent_at, store_id"
    (row,) = query(f"select {columns} from raw.twilio_messages where message_sid = 'SM1'")
    assert row == ("whatsapp", "inbound", phone_key("+6281234567890", KEY), "Halo kak 🙏", "kept", "", None, "default")


def test_the_same_message_again_is_one_row_and_no_conflict(post, senders, query):
    delivery = senders.message()
    assert [post(delivery).status_code for _ in range(3)] == [200, 200, 200]
    assert query("select count(*) from raw.twilio_messages") == [(1,)]
    assert query("select count(*) from raw.conflicts") == [(0,)]


def test_another_body_of_a_message_is_recorded_and_the_first_stays(post, senders, query):
    for body in ("first", "second", "second"):
        assert post(senders.message(MessageSid="SM1", Body=body)).status_code == 200
    assert query("select body from raw.twilio_messages") == [("first",)]
    assert query("select source, id, payload->>'Body' from raw.conflicts") == [("twilio_messages", "SM1", "second")]


def test_a_body_that_comes_after_twilios_record_is_kept_as_a_conflict(post, senders, query):
    query(
        "insert into raw.twilio_messages (message_sid, store_id, channel, direction, customer_key, record)"
        " values ('SM1', 'default', 'whatsapp', 'inbound', 'k', '{}')"
    )
    assert post(senders.message(MessageSid="SM1")).status_code == 200
    assert query("select id from raw.conflicts") == [("SM1",)]


def test_a_sender_without_a_phone_number_has_a_key_of_its_id(post, senders, query):
    assert (
        post(senders.message(From="whatsapp:IN.2081978709342942", ExternalUserId="IN.2081978709342942")).status_code
        == 200
    )
    assert query("select customer_key from raw.twilio_messages") == [(id_key("IN.2081978709342942", KEY),)]


def test_repeated_and_blank_fields_and_the_query_count_for_the_signature(post, senders, query):
    pairs = [*senders.message_form().items(), ("Tag", "b"), ("Tag", ""), ("Tag", "a"), ("", "nameless")]
    assert post(senders.twilio("messages", pairs, "?shop=a%20b&x=")).status_code == 200
    assert query("select payload->'Tag', payload->>'' from raw.twilio_messages") == [(["b", "", "a"], "nameless")]


@pytest.mark.parametrize("field", ["MessageSid", "From", "Body"])
def test_a_field_that_becomes_a_column_may_stand_once(post, senders, query, field):
    form = senders.message_form()
    assert post(senders.twilio("messages", [*form.items(), (field, form[field])])).status_code == 422
    assert query("select count(*) from raw.twilio_messages") == [(0,)]


def test_every_different_status_is_kept_and_a_late_one_never_sets_it_back(post, senders, query):
    for status in ("delivered", "sent", "sent", "queued", "a status of next year"[:8]):
        assert post(senders.status("SM1", status.replace(" ", "_"))).status_code == 200
    assert query("select count(*) from raw.twilio_statuses") == [(4,)]
    assert query("select status from raw.twilio_current_statuses") == [("delivered",)]


def test_an_error_code_is_kept(post, senders, query):
    assert post(senders.status("SM1", "undelivered", ErrorCode="63016")).status_code == 200
    assert query("select status, error_code from raw.twilio_statuses") == [("undelivered", "63016")]


def test_what_is_sent_to_the_wrong_address_is_refused_in_words_that_help(post, senders, query):
    at_messages = post(senders.twilio("messages", senders.message_form(MessageStatus="delivered")))
    at_status = post(senders.twilio("status", senders.message_form()))
    assert (at_messages.status_code, at_messages.json["error"]) == (422, "status_callback")
    assert (at_status.status_code, at_status.json["error"]) == (422, "no_status")
    assert query("select (select count(*) from raw.twilio_messages) + (select count(*) from raw.twilio_statuses)") == [
        (0,)
    ]


def test_a_wrong_or_missing_signature_is_403(client, senders):
    delivery = senders.message()
    for headers in ({}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "é"}, sign_twilio("https://other", {}, "x")):
        headers = {"Content-Type": delivery.headers["Content-Type"], **headers}
        assert client.post(delivery.path, data=delivery.body, headers=headers).status_code == 403


def test_without_a_token_nothing_is_taken(web_settings, senders):
    client = create_app(web_settings.model_copy(update={"twilio_auth_token": None})).test_client()
    delivery = senders.message()
    answer = client.post(delivery.path, data=delivery.body, headers=delivery.headers)
    assert (answer.status_code, answer.json["error"]) == (503, "not_configured")


def test_other_methods_types_and_addresses_have_their_own_answers(client, senders):
    delivery = senders.message()
    assert client.get(delivery.path).status_code == 405
    assert client.post(delivery.path, json={}).status_code == 415
    latin = {**delivery.headers, "Content-Type": "application/x-www-form-urlencoded; charset=latin-1"}
    assert client.post(delivery.path, data=delivery.body, headers=latin).status_code == 415
    answer = client.get("/webhooks/+628123")
    assert answer.status_code == 404
    assert b"+628123" not in answer.data
