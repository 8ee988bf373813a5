"""What people do in a conversation, and what two of them do at once."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.chats import Chats
from tests.support.people import Person


@pytest.fixture
def thread(chats: Chats) -> int:
    """A conversation of its own, in which a customer has just written."""
    customer = uuid.uuid4().hex[:8]
    chats.says("Kak, bisa dibantu?", customer)
    return chats.conversation(customer)


def act(person: Person, thread: int, action: str, **form: Any) -> TestResponse:
    return person.post(f"/inbox/conversations/{thread}/{action}", form)


def reply(person: Person, thread: int, text: str, token: str | None = None) -> TestResponse:
    return act(person, thread, "reply", text=text, token=token or str(uuid.uuid4()))


def state(chats: Chats, thread: int) -> Any:
    statement = (
        "select state, name from app.conversations left join app.users on assigned_to = user_id "
        "where conversation_id = %s"
    )
    return chats.ask(statement, thread)[0]


def events(chats: Chats, thread: int) -> list[Any]:
    statement = "select type from app.conversation_events where conversation_id = %s order by occurred_at"
    return [type_ for (type_,) in chats.ask(statement, thread)]


def written(chats: Chats, thread: int) -> list[tuple[Any, ...]]:
    return chats.ask(
        "select author, kind, body, content_sid, state from app.replies where conversation_id = %s order by sequence",
        thread,
    )


def test_a_reply_is_written_for_the_worker_and_takes_the_conversation_over(
    chats: Chats, people: Callable[..., Person], thread: int
) -> None:
    person = people()
    assert reply(person, thread, "Halo kak,\r\nbisa.").status_code == 303
    assert written(chats, thread) == [("agent", "agent", "Halo kak,\nbisa.", None, "written")]
    assert state(chats, thread) == ("agent", "Sari")
    assert events(chats, thread) == ["taken_over"]
    [(jobs,)] = chats.ask(
        "select count(*) from queue.procrastinate_jobs where task_name = 'send' and args ->> 'conversation_id' = %s",
        str(thread),
    )
    assert jobs == 1
    page = person.get(f"/inbox/conversations/{thread}")
    assert "dalam antrean" in page.text


def test_a_form_that_is_sent_twice_sends_once(chats: Chats, people: Callable[..., Person], thread: int) -> None:
    token = str(uuid.uuid4())
    for _ in range(2):
        assert reply(people(), thread, "Sebentar ya kak", token).status_code == 303
    assert len(written(chats, thread)) == 1
    assert reply(people(), thread, "Sebentar ya kak", "no token").status_code == 400


def test_of_two_agents_at_once_one_has_it_and_the_other_is_told(
    chats: Chats, people: Callable[..., Person], thread: int
) -> None:
    both = [people("agent", "Sari"), people("agent", "Dimas")]
    answers: list[TestResponse] = []
    start = threading.Barrier(2)

    def take(person: Person) -> None:
        start.wait()
        answers.append(reply(person, thread, f"Halo dari {person.email}"))

    threads = [threading.Thread(target=take, args=(person,)) for person in both]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(written(chats, thread)) == 1
    refused = next(answer for answer in answers if answer.status_code == 409)
    holder = state(chats, thread)[1]
    assert holder in refused.text
    assert events(chats, thread) == ["taken_over"]


def test_taking_it_from_somebody_has_to_be_said(chats: Chats, people: Callable[..., Person], thread: int) -> None:
    act(people("agent", "Sari"), thread, "take-over")
    second = people("agent", "Dimas")
    assert "Ambil alih dari Sari" in second.get(f"/inbox/conversations/{thread}").text
    assert act(second, thread, "take-over").status_code == 409
    assert state(chats, thread) == ("agent", "Sari")
    assert act(second, thread, "take-over", from_other="yes").status_code == 303
    assert state(chats, thread) == ("agent", "Dimas")


def test_giving_back_closing_and_assigning(chats: Chats, people: Callable[..., Person], thread: int) -> None:
    person, colleague = people("agent", "Sari"), people("agent", "Dimas")
    for _ in range(2):
        act(person, thread, "take-over")
    [(colleague_id,)] = chats.ask("select user_id from app.users where email = %s", colleague.email)
    act(person, thread, "assign", to=colleague_id)
    assert state(chats, thread) == ("agent", "Dimas")
    for _ in range(2):
        act(colleague, thread, "give-back")
    assert state(chats, thread) == ("bot", None)
    for _ in range(2):
        act(person, thread, "close")
    assert state(chats, thread) == ("closed", None)
    assert events(chats, thread) == ["taken_over", "assigned", "given_back", "closed"]
    assert act(person, thread, "assign", to=999_999).status_code == 400


def test_a_label_is_corrected_and_the_models_stays(chats: Chats, people: Callable[..., Person]) -> None:
    message = chats.says("Uang saya kapan kembali?", "label")
    chats.labels(message, "payment", "low")
    thread = chats.conversation("label")
    assert act(people(), thread, "label", message=message, issue="refund").status_code == 303
    assert act(people(), thread, "label", message=message, urgency="high").status_code == 303
    labels = chats.ask("select issue, urgency from ml.labels where message_id = %s order by label_id", message)
    assert labels == [("refund", "low"), ("refund", "high")]
    assert chats.ask("select issue from ml.message_labels where message_id = %s", message) == [("payment",)]
    assert chats.ask("select issue, urgency from app.conversations where conversation_id = %s", thread) == [
        ("refund", "high")
    ]
    assert "dibetulkan Sari" in people().get(f"/inbox/conversations/{thread}").text
    assert act(people(), thread, "label", message=message, issue="nonsense").status_code == 400


def test_a_label_belongs_to_a_message_of_this_conversation(
    chats: Chats, people: Callable[..., Person], thread: int
) -> None:
    elsewhere = chats.says("Halo", "elsewhere")
    assert act(people(), thread, "label", message=elsewhere, issue="order").status_code == 404
    answer = chats.answers("Halo juga", "elsewhere")
    assert act(people(), chats.conversation("elsewhere"), "label", message=answer, issue="order").status_code == 404


def test_when_the_window_is_shut_only_a_template_leaves(chats: Chats, people: Callable[..., Person]) -> None:
    chats.says("Halo", "late", ago=25 * 60)
    thread = chats.conversation("late")
    chats.ask(
        "insert into app.message_templates (content_sid, store_id, name, language, body, variables) "
        "values ('HX1', 'default', 'Siap', 'id', 'Halo {{1}}, pesanan Anda siap.', '{1}') on conflict do nothing"
    )
    page = people().get(f"/inbox/conversations/{thread}").text
    assert "sudah lewat 24 jam" in page
    assert '<textarea id="text"' not in page
    assert reply(people(), thread, "Halo kak").status_code == 409
    assert written(chats, thread) == []
    form = {"template": "HX1", "token": str(uuid.uuid4())}
    assert act(people(), thread, "reply", **form).status_code == 400
    assert act(people(), thread, "reply", **form, **{"variable-1": "Ibu Ani"}).status_code == 303
    assert written(chats, thread) == [("agent", "template", None, "HX1", "written")]
    assert "Halo Ibu Ani, pesanan Anda siap." in people().get(f"/inbox/conversations/{thread}").text


def test_who_wrote_stop_gets_no_template(chats: Chats, people: Callable[..., Person]) -> None:
    chats.says("BERHENTI", "stop", ago=25 * 60)
    thread = chats.conversation("stop")
    chats.ask("update app.customers set opted_out_at = now() where name = 'Stop'")
    form = {"template": "HX1", "token": str(uuid.uuid4()), "variable-1": "x"}
    assert act(people(), thread, "reply", **form).status_code == 409
    assert written(chats, thread) == []


def test_a_shortcut_alone_stands_for_its_canned_reply(chats: Chats, people: Callable[..., Person], thread: int) -> None:
    chats.ask(
        "insert into app.canned_replies (store_id, shortcut, text_id, text_en) "
        "values ('default', 'salam', 'Halo kak, ada yang bisa dibantu?', 'Hello!') on conflict do nothing"
    )
    reply(people(), thread, "/salam")
    reply(people(), thread, "/Salam")
    assert [body for _, _, body, _, _ in written(chats, thread)] == ["Halo kak, ada yang bisa dibantu?"] * 2


def test_a_dead_letter_says_why_and_is_sent_again_by_a_click(
    chats: Chats, people: Callable[..., Person], thread: int
) -> None:
    reply(people(), thread, "Sudah dikirim kak")
    [(reply_id,)] = chats.ask(
        "update app.replies set state = 'dead', error_code = 'not_delivered', attempts = 9 "
        "where conversation_id = %s returning reply_id",
        thread,
    )
    page = people().get(f"/inbox/conversations/{thread}").text
    assert "Gagal dikirim setelah beberapa kali percobaan" in page
    row = people().get("/inbox").text.split(f'id="row-{thread}"')[1].split("</li>")[0]
    assert "tidak dapat dikirim" in row
    address = re.search(r'action="([^"]+/send-again/[^"]+)"', page)
    assert address
    for _ in range(2):
        assert people().post(address[1]).status_code == 303
    assert chats.ask("select state, attempts from app.replies where reply_id = %s", reply_id) == [("written", 0)]
    assert "tidak dapat dikirim" not in people().get("/inbox").text.split(f'id="row-{thread}"')[1].split("</li>")[0]


@pytest.mark.parametrize("text", ["", "   ", "x" * 6001])
def test_a_reply_has_a_length(chats: Chats, people: Callable[..., Person], thread: int, text: str) -> None:
    assert reply(people(), thread, text).status_code == 400
    assert written(chats, thread) == []


def test_where_kabar_only_listens_nobody_can_write(chats: Chats, people: Callable[..., Person], thread: int) -> None:
    chats.ask("update app.conversations set address = null where conversation_id = %s", thread)
    assert reply(people(), thread, "Halo").status_code == 409
    assert "Kabar tidak bisa mengirim balasan" in people().get(f"/inbox/conversations/{thread}").text


def test_a_script_gets_the_thread_or_a_sentence(app: Flask, people: Callable[..., Person], thread: int) -> None:
    person = people()
    fragment = person.post(f"/inbox/conversations/{thread}/take-over", headers={"X-Fragment": "1"})
    assert fragment.status_code == 200
    assert "<html" not in fragment.text
    refused = person.post(f"/inbox/conversations/{thread}/reply", {"token": "x"}, headers={"X-Fragment": "1"})
    assert refused.status_code == 400
    assert refused.mimetype == "text/plain"


def test_an_agent_records_that_a_customer_opted_out_and_takes_it_back(
    chats: Chats, people: Callable[..., Person], thread: int
) -> None:
    wants = "select app.opted_out_at(store_id, customer_key) is null from app.conversations where conversation_id = %s"
    person = people()
    for _ in range(2):
        assert act(person, thread, "opt-out").status_code == 303
    assert chats.ask(wants, thread) == [(False,)]
    page = person.get(f"/inbox/conversations/{thread}").text
    assert "Sari mencatat bahwa pelanggan berhenti berlangganan (STOP)" in page
    assert "/opt-in" in page
    assert act(person, thread, "opt-in").status_code == 303
    assert chats.ask(wants, thread) == [(True,)]
    assert events(chats, thread) == ["opted_out", "opted_in"]
    assert act(people("viewer"), thread, "opt-out").status_code == 403


@pytest.mark.parametrize("text", ["/salam-pagi", "/", "/xyz ", "/Tutup2"])
def test_a_lone_slash_word_is_never_sent(chats: Chats, people: Callable[..., Person], thread: int, text: str) -> None:
    answer = reply(people(), thread, text)
    assert answer.status_code == 400
    assert written(chats, thread) == []
    assert state(chats, thread) == ("bot", None)


def test_a_text_that_begins_with_a_slash_is_sent(chats: Chats, people: Callable[..., Person], thread: int) -> None:
    assert reply(people(), thread, "/ atau per buah, Kak?").status_code == 303
    assert [row[2] for row in written(chats, thread)] == ["/ atau per buah, Kak?"]
