"""A message over HTTP becomes one answer at Twilio, whatever happens to workers and in whatever order things land."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks import bot_play
from benchmarks.bot_stage import ANSWER, Stage, answer_all, eventually, kill, running_stage
from bot.knowledge import uploads
from bot.queue import enqueue
from demo.twilio import Fault
from tests.support.database import drop_database, make_database
from warehouse.connection import transaction

DUE = "select 1 from queue.procrastinate_jobs where task_name = 'answer' and status = 'todo' and scheduled_at <= now()"


@pytest.fixture(scope="module")
def stage(server_settings, tmp_path_factory):
    database = make_database(server_settings)
    with running_stage(database, tmp_path_factory.mktemp("workers")) as made:
        answer_all(made)
        made.start_worker()
        yield made
    drop_database(server_settings, database)


def test_a_burst_gets_one_answer(stage: Stage):
    customer = "6281200000001"
    sids = [stage.say(customer, f"nomor {text}") for text in ("satu", "dua", "tiga")]
    eventually(lambda: stage.texts_to(customer))
    assert stage.texts_to(customer) == [ANSWER]
    decided = stage.query(
        "select message_ids from app.bot_decisions where conversation_id = %s and step = 1",
        stage.conversation(customer),
    )
    assert decided == [(sids,)]


def test_nobody_is_answered_while_they_go_on_writing(stage: Stage):
    stage.query("update app.store_options set pause_seconds = 3")
    customer = "6281200000002"
    for text in ("satu", "dua", "tiga", "empat"):
        stage.say(customer, f"nomor {text}")
        eventually(lambda: not stage.query(DUE))
        assert stage.texts_to(customer) == []
    eventually(lambda: stage.texts_to(customer) == [ANSWER])
    stage.query("update app.store_options set pause_seconds = 0")


def test_a_message_that_lands_late_and_looks_older_is_answered_too(stage: Stage):
    customer = "6281200000003"
    stage.say(customer, "nomor satu")
    eventually(lambda: len(stage.texts_to(customer)) == 1)
    late = stage.say(customer, "nomor dua")
    stage.query(
        "update raw.twilio_messages set received_at = received_at - interval '20 s' where message_sid = %s", late
    )
    eventually(lambda: len(stage.texts_to(customer)) == 2)


def test_history_is_not_answered(stage: Stage):
    customer = "6281200000004"
    old = stage.say(customer, "nomor satu")
    eventually(lambda: stage.texts_to(customer))
    assert stage.query("select count(*) from app.bot_decisions where %s = any(message_ids) and step = 1", old) == [(1,)]
    before = datetime.now(UTC) - timedelta(hours=2)
    stage.query(
        "insert into raw.twilio_messages"
        " (message_sid, store_id, channel, direction, customer_key, body, record, sent_at)"
        " select 'SMold', store_id, channel, 'inbound', customer_key, 'lama', '{}', %s from raw.twilio_messages"
        " where message_sid = %s",
        before,
        old,
    )
    assert stage.query(DUE + " and args ->> 'conversation_id' = %s", str(stage.conversation(customer))) == []


def test_a_person_keeps_the_bot_silent_until_giving_back(stage: Stage):
    customer = "6281200000005"
    stage.say(customer, "nomor satu")
    eventually(lambda: len(stage.texts_to(customer)) == 1)
    conversation_id = stage.conversation(customer)
    stage.query("update app.conversations set state = 'agent' where conversation_id = %s", conversation_id)
    silent = stage.say(customer, "nomor dua")
    decided = "select outcome from app.bot_decisions where %s = any(message_ids) order by step desc limit 1"
    assert eventually(lambda: stage.query(decided, silent)) == [("silent",)]
    stage.query("update app.conversations set state = 'bot' where conversation_id = %s", conversation_id)
    stage.say(customer, "nomor tiga")
    eventually(lambda: len(stage.texts_to(customer)) == 2)


def test_a_bot_that_is_off_leaves_everybody_to_people(stage: Stage):
    stage.query("update app.store_options set is_bot_on = false")
    try:
        customer = "6281200000006"
        stage.say(customer, "nomor satu")
        state = "select state, state_reason from app.conversations where address = %s and state = 'waiting'"
        assert eventually(lambda: stage.query(state, f"whatsapp:+{customer}")) == [("waiting", "bot_off")]
        assert stage.texts_to(customer) == []
    finally:
        stage.query("update app.store_options set is_bot_on = true")


def test_what_lands_while_a_job_is_fetched_is_not_missed(stage: Stage):
    """Many customers write twice, the second message at the moment at which the job for the first is due."""
    stage.query("update app.store_options set pause_seconds = 0")
    customers = [f"62813900{number:05d}" for number in range(12)]
    with ThreadPoolExecutor(8) as pool:
        sids = list(pool.map(lambda place: stage.say(customers[place % 12], f"nomor {bot_play.WORDS[place // 12]}"),
                             range(60)))  # fmt: skip
    bot_play.settle(stage, 120)
    mine = set(sids)
    counted: dict[str, int] = dict.fromkeys(sids, 0)
    for (ids,) in stage.query("select message_ids from app.bot_decisions where step = 1"):
        for message_id in mine.intersection(ids):
            counted[message_id] += 1
    assert set(counted.values()) == {1}


def test_a_worker_that_dies_between_sending_and_writing_that_down_repeats_and_loses_nothing(stage: Stage):
    """Twilio took the one reply and not the other; with no callbacks, only its own record can say which."""
    stage.twilio.call_back_nobody()
    taken, lost = "6281200000007", "6281200000008"
    stage.twilio.fail_sending(Fault(seconds=6, after=True), Fault(seconds=6, status=500))
    for number in (taken, lost):
        stage.say(number, "nomor satu")
        eventually(lambda number=number: sending(stage, number))
    eventually(lambda: stage.texts_to(taken))
    kill(stage.workers[0])
    assert [sending(stage, number) for number in (taken, lost)] == [True, True], "it died in between"
    # As if the time had passed after which a worker is taken for dead, and no attempt can still arrive.
    stage.query("update queue.procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'")
    stage.query("update app.replies set sending_at = sending_at - interval '20 s' where state = 'sending'")
    stage.replace_worker(0)
    eventually(lambda: not sending(stage, taken) and not sending(stage, lost) and stage.texts_to(lost), 120)
    assert [stage.texts_to(number) for number in (taken, lost)] == [[ANSWER], [ANSWER]]
    attempts = "select state, attempts from app.replies where conversation_id = %s"
    assert stage.query(attempts, stage.conversation(taken)) == [("sent", 1)], "it was found, and not sent again"
    assert stage.query(attempts, stage.conversation(lost)) == [("sent", 2)]


def sending(stage: Stage, customer: str) -> bool:
    state = "select state = 'sending' from app.replies where conversation_id = %s"
    return stage.query(state, stage.conversation(customer)) == [(True,)]


def test_uploads_that_take_long_to_read_hold_up_no_reply(stage: Stage):
    """Four uploads, as many as a worker runs jobs at a time: they are read one after another."""
    slow = b"<!doctype html>" + b"<p>Buka <b>tiap</b> hari</p>" * 25_000
    with transaction("bot", stage.settings) as connection, connection.cursor() as cursor:
        for number in range(4):
            document_id = uploads.add(cursor, "default", f"{number}.html", slow)
            enqueue(cursor, "read_document", f"document {document_id}", {"document_id": document_id})
    reading = "select count(*) from queue.procrastinate_jobs where task_name = 'read_document' and status = 'doing'"
    eventually(lambda: stage.query(reading) == [(1,)])
    customer = "6281200000009"
    stage.say(customer, "nomor satu")
    at_once = [stage.query(reading)]
    eventually(lambda: at_once.append(stage.query(reading)) or stage.texts_to(customer))
    unread = stage.query("delete from queue.procrastinate_jobs where task_name = 'read_document' and status = 'todo'"
                         " returning id")  # fmt: skip
    assert len(unread) >= 2, "answered before the uploads were read"
    assert max(at_once) == [(1,)]


def test_twice_as_many_customers_as_jobs_are_answered_while_four_9_mb_uploads_of_brackets_are_read(stage: Stage):
    """No upload can be done before the test lets it, so all replies are sent while they are read."""
    brackets = b"[" * 9_000_000
    customers = [f"62812000001{number:02d}" for number in range(2 * stage.settings.bot_jobs)]
    states = "select state, count(*) from app.knowledge_documents where name like 'brackets_.md' group by 1 order by 1"
    with held(stage) as release:
        with transaction("bot", stage.settings) as connection, connection.cursor() as cursor:
            for number in range(4):
                document_id = uploads.add(cursor, "default", f"brackets{number}.md", brackets)
                enqueue(cursor, "read_document", f"document {document_id}", {"document_id": document_id})
        eventually(lambda: dict(stage.query(states)).get("reading"), 180)  # another test's upload is still read
        for customer in customers:
            stage.say(customer, "nomor satu")
        eventually(lambda: all(stage.texts_to(customer) for customer in customers))
        assert stage.query(states) == [("reading", 1), ("waiting", 3)]
        stage.query("delete from queue.procrastinate_jobs where task_name = 'read_document' and status = 'todo'")
        release()
        eventually(lambda: stage.query(states) == [("failed", 1), ("waiting", 3)], 120)
    assert [stage.texts_to(customer) for customer in customers] == [[ANSWER]] * len(customers)


@contextmanager
def held(stage: Stage) -> Iterator[Callable[[], None]]:
    """No reading of brackets ends before the test calls what this gives it."""
    stage.query(
        "create function app.wait_for_test() returns trigger language plpgsql as $$"
        " begin perform pg_advisory_xact_lock_shared(12); return new; end $$;"
        " create trigger wait_for_test before update on app.knowledge_documents for each row"
        " when (new.name like 'brackets_.md' and new.state in ('read', 'failed')) execute function app.wait_for_test()"
    )
    stage.query("select pg_advisory_lock(12)")
    try:
        yield lambda: stage.query("select pg_advisory_unlock(12)")
    finally:
        stage.query("select pg_advisory_unlock_all()")
        stage.query("drop trigger wait_for_test on app.knowledge_documents; drop function app.wait_for_test()")


def test_status_says_what_waits(stage: Stage):
    command = [sys.executable, "-m", "bot", "status"]
    said = subprocess.run(command, env={**os.environ, **stage.environment}, capture_output=True, text=True, check=True)
    figures = {line.split()[0]: int(line.split()[1]) for line in said.stdout.splitlines()}
    assert figures["workers"] >= 1
    assert figures["dead"] == 0


@pytest.mark.soak
def test_killed_workers_leave_nothing_unanswered_and_nothing_answered_twice(server_settings, tmp_path_factory):
    customers, workers, kills = (200, 3, 5) if os.environ.get("KABAR_SOAK") == "1" else (12, 2, 1)
    database = make_database(server_settings)
    with running_stage(database, tmp_path_factory.mktemp("kills")) as made:
        answer_all(made)
        for _ in range(workers):
            made.start_worker()
        made.await_workers(workers)
        sids: list[str] = []
        rounds = 4 if kills > 1 else 2
        writing = threading.Thread(target=lambda: sids.extend(bot_play.write(made, customers, rounds, between=10)))
        writing.start()
        killed = bot_play.kill_workers(made, kills, 8.0 if kills > 1 else 3.0)
        writing.join()
        bot_play.settle(made, 120)
        assert killed == workers * kills
        assert bot_play.faults(made, sids) == []
    drop_database(server_settings, database)
