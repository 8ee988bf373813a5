"""Views of the list: what customers are unhappy about, what nobody answered, topics, and the classifier's labels."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ml.classifier import labels
from ml.classifier.predict import Label
from tests.support.chats import Chats
from tests.support.people import Person
from warehouse.connection import transaction
from warehouse.settings import Settings

_A_MODEL = (
    "insert into ml.models (model_version, base_model, onnx, tokenizer, configuration, metrics) "
    "values ('test', 'test', '', '{}', '{}', '{}') on conflict do nothing"
)


@pytest.fixture
def viewer(people: Callable[..., Person]) -> Person:
    found = people("viewer")
    found.post("/inbox/language", {"language": "en", "next": "/inbox"})
    return found


def listed(person: Person, filters: str) -> list[str]:
    return re.findall(r'<b class="name">([^<]+)</b>', person.get(f"/inbox?{filters}").text)


def score(settings: Settings, issue: str, urgency: str, *messages: str) -> None:
    """As the scoring of messages does: in one go."""
    label = Label(issue, 0.9, urgency, 0.9, "id", "test")  # type: ignore[arg-type]
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(_A_MODEL)
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        labels.save(cursor, {("twilio", message): label for message in messages})


def rate(chats: Chats, customer: str, rating: int, ago: int) -> None:
    chats.ask(
        "insert into app.conversation_events (conversation_id, type, rating, occurred_at) "
        "values (%s, 'rating', %s, now() - %s * interval '1 minute')",
        chats.conversation(customer), rating, ago,
    )  # fmt: skip


def test_labels_of_the_scoring_reach_the_list(chats: Chats, viewer: Person, module_settings: Settings) -> None:
    asked = chats.says("uang saya belum kembali", "refund", "Rina Refund", ago=50)
    thanks = chats.says("ok makasih", "refund", "Rina Refund", ago=40)
    assert listed(viewer, "issue=refund") == []
    score(module_settings, "refund", "high", asked)
    score(module_settings, "other", "low", thanks)
    assert listed(viewer, "issue=refund") == listed(viewer, "urgency=high") == ["Rina Refund"]
    older = chats.says("kapan dikirim", "refund", "Rina Refund", ago=60)
    score(module_settings, "delivery", "normal", older)
    assert listed(viewer, "issue=refund") == ["Rina Refund"], "what is newer counts"
    newer = chats.says("salah bayar", "refund", "Rina Refund", ago=1)
    score(module_settings, "payment", "normal", newer)
    assert listed(viewer, "issue=payment&channel=whatsapp") == ["Rina Refund"]


def test_a_corrected_label_is_not_replaced_by_the_models(
    chats: Chats, viewer: Person, people: Callable[..., Person], module_settings: Settings
) -> None:
    message = chats.says("paket rusak", "fixed", "Fira Betul", ago=5)
    agent = people("agent")
    thread = chats.conversation("fixed")
    agent.get(f"/inbox/conversations/{thread}")
    agent.post(f"/inbox/conversations/{thread}/label", {"message": message, "issue": "order"})
    score(module_settings, "delivery", "high", message)
    assert "Fira Betul" in listed(viewer, "issue=order")


def test_unhappy_customers_rated_low_or_complained_and_were_not_won_back(chats: Chats, viewer: Person) -> None:
    for customer, rating in (("low", 1), ("high", 5), ("wonback", 2)):
        chats.says("halo", customer, ago=90)
        rate(chats, customer, rating, ago=80)
    rate(chats, "wonback", 4, ago=20)
    chats.says("penipu!", "angry", ago=90)
    chats.hands_over("angry", "anger")
    chats.says("minta orang", "asked", ago=90)
    chats.hands_over("asked", "human")
    assert sorted(listed(viewer, "state=unhappy")) == ["Angry", "Low"]


def test_unanswered_are_those_who_wait_and_those_who_were_left_without_a_reply(chats: Chats, viewer: Person) -> None:
    chats.says("ada stok?", "forgotten", "Lupa Dibalas", ago=20 * 24 * 60)
    chats.says("ada stok?", "recent", "Baru Saja", ago=3)
    chats.says("ada stok?", "replied", "Sudah Dibalas", ago=4)
    chats.answers("Ada, kak.", "replied", ago=3)
    thanks = chats.says("makasih kak", "thanked", "Terima Kasih", ago=20 * 24 * 60)
    chats.decides(thanks, "thanked", ("courtesy", "silent", "thanks", {}))
    found, waiting = listed(viewer, "state=unanswered"), listed(viewer, "state=waiting")
    assert {"Lupa Dibalas", "Baru Saja"} <= set(found)
    assert not {"Sudah Dibalas", "Terima Kasih"} & set(found)
    assert "Lupa Dibalas" not in waiting
    assert set(waiting) <= set(found) == set(listed(viewer, "state=unanswered&sort=newest"))


def test_a_topic_leads_to_its_conversations_with_those_merged_into_it(chats: Chats, viewer: Person) -> None:
    first, second = (
        chats.ask("insert into ml.topics (store_id, name_en, name_id, language, centre, messages) "
                  "values ('default', %s, %s, 'id', '', 5) returning topic_id", name, name)[0][0]
        for name in ("Grinding", "Milling")
    )  # fmt: skip
    chats.ask(
        "insert into app.topic_settings (store_id, topic_id, merged_into) values ('default', %s, %s)", second, first
    )
    for customer, topic in (("giling", first), ("mill", second), ("lain", None)):
        message = chats.says("bisa digiling?", customer, ago=7)
        chats.ask(
            "insert into ml.topic_messages (store_id, kind, source, id, version, topic_id, occurred_at, language, "
            "place, space_version) values ('default', 'message', 'twilio', %s, 1, %s, now(), 'id', '', 'x')",
            message, topic,
        )  # fmt: skip
    page = viewer.get("/inbox").text
    assert f'<option value="{first}">Grinding</option>' in page
    assert "Milling" not in page
    assert sorted(listed(viewer, f"topic={first}")) == ["Giling", "Mill"]


def test_an_empty_result_names_the_filters_and_offers_to_clear_them(chats: Chats, viewer: Person) -> None:
    page = viewer.get("/inbox?state=closed&issue=other&language=en").text
    assert "No conversation matches these filters." in page
    assert '<a href="/inbox?state=closed">Clear filters</a>' in page
    assert "as soon as a customer writes" not in page
