"""What lands finds its thread, and asks for one answer."""

from __future__ import annotations


def test_a_burst_is_one_thread_and_one_job(post, senders, query):
    for text in ("Halo", "mau tanya", "resi saya mana?"):
        assert post(senders.message(Body=text)).status_code == 200
    assert query("select state, channel, last_text, last_author, address, own_address from app.conversations") == [
        ("bot", "whatsapp", "resi saya mana?", "customer", "whatsapp:+6281234567890", "whatsapp:+6281100000000")
    ]
    assert query("select name from app.customers") == [("Siti",)]
    assert query("select task_name, queue_name, status::text from queue.procrastinate_jobs") == [
        ("answer", "bot", "todo")
    ]


def test_events_of_a_channel_that_others_answer_are_shown_and_not_answered(post, senders, query):
    assert post(senders.events(senders.event())).status_code == 200
    assert query("select channel, address from app.conversations") == [("web", None)]
    assert query("select count(*) from queue.procrastinate_jobs") == [(0,)]
