"""Replies that fail after Twilio accepted them, by its status callbacks or its record."""

from __future__ import annotations

import pytest
from psycopg2.extras import Json

from benchmarks.bot_stage import Stage
from bot.delivery import reconciling, replies
from tests.support.sending import send, states, write

OPTED_OUT = (
    "select app.opted_out_at(store_id, customer_key) is not null from app.conversations where conversation_id = %s"
)
STATE = "select state, state_reason from app.conversations where conversation_id = %s"
JOBS = "select task_name from queue.procrastinate_jobs where lock = %s and status = 'todo'"


def accepted(stage: Stage, customer: str, body: str = "Sudah dikirim.", **fields: object) -> tuple[int, str, str]:
    """A reply that Twilio accepted: its conversation, its id and its message's sid."""
    stage.twilio.call_back_nobody()
    conversation_id = write(stage, customer, body, **fields)
    send(stage, conversation_id)
    [(reply_id, sid)] = stage.query(
        "select reply_id::text, message_sid from app.replies where conversation_id = %s order by sequence desc limit 1",
        conversation_id,
    )
    return conversation_id, reply_id, sid


def fail(stage: Stage, accepted: tuple[int, str, str], code: str | None, status: str = "failed") -> None:
    conversation_id, reply_id, sid = accepted
    stage.call_back(sid, reply_id, status, **({"ErrorCode": code} if code else {}))
    assert ("send",) in stage.query(JOBS, f"conversation {conversation_id}")
    send(stage, conversation_id)


@pytest.mark.parametrize("code", ["63016", "63024", "63003", "63049", "30003", None])
@pytest.mark.parametrize("status", ["failed", "undelivered"])
def test_an_agent_takes_over_after_a_permanent_failure(
    stage: Stage, customer: str, code: str | None, status: str
) -> None:
    sent = accepted(stage, customer)
    fail(stage, sent, code, status)
    assert states(stage, sent[0]) == [("dead", code)]
    assert stage.query(STATE, sent[0]) == [("waiting", "not_delivered")]
    assert stage.query(OPTED_OUT, sent[0]) == [(False,)]


@pytest.mark.parametrize("code", ["63018", "30001", "63010"])
def test_a_transient_failure_is_retried_once_and_then_an_agent_takes_over(
    stage: Stage, customer: str, code: str
) -> None:
    sent = accepted(stage, customer)
    fail(stage, sent, code)
    send(stage, sent[0])
    assert states(stage, sent[0]) == [("dead", code), ("sent", None)]
    assert stage.texts_to(customer) == ["Sudah dikirim."] * 2
    assert stage.query(STATE, sent[0]) == [("bot", None)]

    [(reply_id, sid)] = stage.query(
        "select reply_id::text, message_sid from app.replies where conversation_id = %s and state = 'sent'", sent[0]
    )
    fail(stage, (sent[0], reply_id, sid), code)
    send(stage, sent[0])
    assert states(stage, sent[0]) == [("dead", code), ("dead", code)]
    assert len(stage.texts_to(customer)) == 2
    assert stage.query(STATE, sent[0]) == [("waiting", "not_delivered")]


def test_a_failure_because_of_an_opt_out_records_it(stage: Stage, customer: str) -> None:
    sent = accepted(stage, customer)
    fail(stage, sent, "21610")
    assert stage.query(OPTED_OUT, sent[0]) == [(True,)]
    assert states(stage, sent[0]) == [("dead", "21610")]


def test_a_failed_rating_request_is_not_handed_over(stage: Stage, customer: str) -> None:
    sent = accepted(stage, customer, "Berapa bintang?", kind="rating_request")
    fail(stage, sent, "63018")
    assert states(stage, sent[0]) == [("dead", "63018")]
    assert stage.query(STATE, sent[0]) == [("bot", None)]


def test_a_failure_that_a_delivery_undoes_changes_nothing(stage: Stage, customer: str) -> None:
    sent = accepted(stage, customer)
    stage.call_back(sent[2], sent[1], "delivered")
    fail(stage, sent, "63018")
    assert states(stage, sent[0]) == [("sent", None)]


def test_a_failure_is_handled_once(stage: Stage, customer: str) -> None:
    sent = accepted(stage, customer)
    fail(stage, sent, "63024")
    stage.query("update app.conversations set state = 'closed' where conversation_id = %s", sent[0])
    fail(stage, sent, "63024", "undelivered")
    assert stage.query("select state from app.conversations where conversation_id = %s", sent[0]) == [("closed",)]


def test_an_agents_reply_that_fails_later_waits_for_an_agent_once_nobody_has_it(stage: Stage, customer: str) -> None:
    [(user_id,)] = stage.query(
        "insert into app.users (email, name, password_hash, role) values (%s, 'Sari', 'x', 'agent') returning user_id",
        f"{customer}@shop.example",
    )
    conversation_id = stage.conversation(customer)
    with stage.services.connections.transaction() as connection, connection.cursor() as cursor:
        replies.write(cursor, conversation_id, {"kind": "agent", "body": "Halo"}, author="agent", user_id=user_id)
    send(stage, conversation_id)
    stage.query("update app.conversations set state = 'closed' where conversation_id = %s", conversation_id)
    [(reply_id, sid)] = stage.query(
        "select reply_id::text, message_sid from app.replies where conversation_id = %s", conversation_id
    )
    fail(stage, (conversation_id, reply_id, sid), "63024")
    assert stage.query(STATE, conversation_id) == [("waiting", "not_delivered")]


def test_without_callbacks_twilios_record_shows_a_failure(stage: Stage, customer: str) -> None:
    conversation_id, _, sid = accepted(stage, customer)
    stage.query(
        "update raw.twilio_messages set record = record || %s, changed_at = now() where message_sid = %s",
        Json({"status": "undelivered", "error_code": 63024}),
        sid,
    )
    stage.query("delete from queue.procrastinate_jobs")
    assert reconciling.queue_stuck(stage.services.connections) == 1
    send(stage, conversation_id)
    assert states(stage, conversation_id) == [("dead", "63024")]
    assert reconciling.queue_stuck(stage.services.connections) == 0
