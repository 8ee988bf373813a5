"""The made-up shop's story: large, varied, in two languages, untidy as life is, and the same every time it is told."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest

from demo.customers import customers
from demo.dialogues import LANGUAGES, TOPICS, Say, dialogues, slots
from demo.hours import ZONE, is_open, next_opening
from demo.senders import chatbot_event, is_on_twilio, twilio_record
from demo.shop import LENGTH, SEED, Happening, story
from warehouse.identity import normalise_phone

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def happenings() -> list[Happening]:
    return story(NOW - LENGTH, NOW)


def of_customers(happenings: list[Happening]) -> list[Happening]:
    return [each for each in happenings if each.author == "customer"]


def normalised(text: str | None) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", (text or "").lower()).split())


@pytest.mark.parametrize("now", [NOW, datetime(2027, 2, 3, 17, tzinfo=UTC), datetime(2026, 7, 1, 9, tzinfo=UTC)])
def test_two_months_have_5000_messages_of_400_customers_whenever_they_end(now: datetime) -> None:
    messages = [each for each in story(now - LENGTH, now) if each.kind == "message"]
    assert 5000 <= len(messages) <= 8500
    assert len({each.customer for each in messages}) >= 400
    assert {each.author for each in messages} == {"customer", "bot", "agent"}
    assert now - LENGTH <= min(each.at for each in messages)
    assert max(each.at for each in messages) < now


def test_it_is_the_same_every_time_and_a_later_telling_continues_it(happenings: list[Happening]) -> None:
    assert story(NOW - LENGTH, NOW) == happenings
    later = story(NOW - LENGTH, NOW + timedelta(days=3))
    assert [each for each in later if each.at < NOW] == happenings
    assert len(later) > len(happenings)
    assert story(NOW - LENGTH, NOW, SEED + 1) != happenings


def test_customers_hardly_repeat_each_other(happenings: list[Happening]) -> None:
    texts = Counter(normalised(each.text) for each in of_customers(happenings) if each.text)
    total = texts.total()
    assert len(texts) / total >= 0.6
    assert texts.most_common(1)[0][1] / total < 0.02
    openings = Counter(" ".join(text.split()[:4]) for text in texts.elements() if len(text.split()) >= 4)
    assert openings.most_common(1)[0][1] / openings.total() < 0.02


def test_there_are_150_dialogues_in_two_languages_on_all_topics(happenings: list[Happening]) -> None:
    assert len(dialogues()) >= 150
    assert {(each.topic, each.language) for each in dialogues()} == {(t, lang) for t in TOPICS for lang in LANGUAGES}
    languages = Counter(each.customer.language for each in of_customers(happenings))
    assert 0.2 < languages["en"] / languages.total() < 0.5
    wordings = [w for each in dialogues() for step in each.steps if isinstance(step, Say) for w in step.wordings]
    assert len(set(wordings)) / len(wordings) > 0.9


def test_no_slot_and_no_choice_is_left_open(happenings: list[Happening]) -> None:
    for each in happenings:
        assert not re.search(r"[\[\]{}|]", each.text or ""), each.text
    assert slots()["product"]


def test_days_have_nights_weeks_have_weekends_and_people_write_in_bursts(happenings: list[Happening]) -> None:
    own = of_customers(happenings)
    hours = Counter(each.at.astimezone(ZONE).hour for each in own)
    assert 0 < sum(hours[hour] for hour in range(5)) / len(own) < 0.15
    weekdays = Counter(each.at.astimezone(ZONE).isoweekday() for each in own)
    assert weekdays[7] < median(weekdays.values())
    in_a_row = sum(
        before.customer == after.customer and after.at - before.at < timedelta(seconds=20)
        for before, after in pairwise(own)
    )
    assert in_a_row > 300


def test_conversations_are_handed_over_rated_closed_left_and_come_back(happenings: list[Happening]) -> None:
    kinds = Counter(each.kind for each in happenings)
    assert kinds["handover"] > 150
    assert kinds["rating_requested"] > kinds["rating"] > 100
    assert kinds["closed"] > 150
    assert {each.rating for each in happenings if each.kind == "rating"} == {1, 2, 3, 4, 5}
    assert {each.channel for each in happenings} == {"whatsapp", "web", "messenger", "instagram"}
    assert any(not each.answered for each in happenings)
    errors = Counter(each.error_code for each in happenings if each.error_code)
    assert errors[63016] > 0
    assert all(each.channel == "whatsapp" for each in happenings if each.error_code)
    days_of = Counter(each.customer for each in {(e.customer, e.at.date()): e for e in happenings}.values())
    assert sum(1 for count in days_of.values() if count > 1) > 150


def test_a_few_customers_are_one_person_on_whatsapp_and_in_the_web_chat(happenings: list[Happening]) -> None:
    events = [chatbot_event(each) for each in happenings if not is_on_twilio(each)]
    on_whatsapp = {each.customer.phone for each in happenings if is_on_twilio(each)}
    both = {event["customer"]["phone"] for event in events if {"phone", "id"} <= event["customer"].keys()}
    assert len(both & on_whatsapp) >= 10
    assert len({event["event_id"] for event in events}) == len(events)
    records = [twilio_record(each) for each in happenings if is_on_twilio(each)]
    assert len({record["sid"] for record in records}) == len(records)


def test_no_customer_has_a_number_that_could_be_somebodys() -> None:
    numbers = [customer.phone for customer in customers(SEED) if customer.phone]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert normalise_phone(number) == number
        assert re.match(r"\+6284|\+652|\+602|\+1\d{3}55501", number)


def test_people_answer_only_in_opening_hours(happenings: list[Happening]) -> None:
    closed = [each for each in happenings if each.author == "agent" and not is_open(each.at)]
    assert len(closed) < 0.1 * sum(1 for each in happenings if each.author == "agent")
    saturday_night = datetime(2026, 11, 21, 20, tzinfo=ZONE)
    assert next_opening(saturday_night) == datetime(2026, 11, 23, 8, tzinfo=ZONE)
