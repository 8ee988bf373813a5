"""Topics of a shop from its messages, run after run, as they stand in the database."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from benchmarks.topics.generate import generate
from ml.marts import NoMarts
from ml.topics.discover import discover
from ml.topics.place import NoEncoder, place
from pipeline import transform
from tests.support import dashboard_visitors
from tests.support.topics import OAT_MILK, PARKING, WARRANTY, Said, land, messages, put_space_in_use
from warehouse.connection import transaction
from warehouse.settings import Settings

END = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


def every(hours: float, count: int, last: datetime = END) -> list[datetime]:
    return [last - timedelta(hours=hours * number + 1) for number in range(count)]


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def discovered(settings: Settings, as_of: datetime = END) -> dict[str, int]:
    """The topic of each message."""
    transform.build(as_of=as_of, settings=settings)
    discover(settings, as_of)
    return dict(rows(settings, "select id, topic_id from ml.topic_messages where topic_id is not null"))


@pytest.fixture
def shop(settings: Settings, server_settings: Settings) -> Settings:
    put_space_in_use(server_settings, settings)
    land(settings, messages(PARKING, "parking", every(20, 101)))
    land(settings, messages(OAT_MILK, "milk", every(20, 101)))
    land(settings, [Said("thanks", "makasih banyak kak", END), Said("number", "12345", END), Said("ok", "ok", END)])
    return settings


def test_one_thing_in_both_languages_is_one_topic_and_courtesies_are_none(shop: Settings) -> None:
    topic_of = discovered(shop)
    parking = {topic for id_, topic in topic_of.items() if id_.startswith("parking")}
    milk = {topic for id_, topic in topic_of.items() if id_.startswith("milk")}
    assert len(parking) == len(milk) == 1
    assert parking != milk
    assert not {"thanks", "number", "ok"} & topic_of.keys()
    names = rows(shop, "select name_id, name_en from ml.topics")
    assert any("parkir" in id_ and "park" in en for id_, en in names)
    assert any("susu" in id_ and "milk" in en for id_, en in names)


def test_a_second_run_changes_nothing(shop: Settings) -> None:
    first = discovered(shop)
    state = "select topic_id, name_id, name_en, centre, vanished_at from ml.topics order by 1"
    examples = "select id, example from ml.topic_messages where example is not null order by 1"
    before = rows(shop, state), rows(shop, examples)
    discover(shop, END)
    assert discovered(shop) == first
    assert (rows(shop, state), rows(shop, examples)) == before


def test_topics_keep_ids_and_names_when_others_come_and_vanished_ones_are_marked(shop: Settings) -> None:
    first = discovered(shop)
    names = rows(shop, "select topic_id, name_id, name_en from ml.topics order by 1")
    later = END + timedelta(days=30)
    land(shop, messages(WARRANTY, "warranty", every(10, 40, later)))
    second = discovered(shop, later)
    assert {id_: second[id_] for id_ in first if id_ in second} == {id_: first[id_] for id_ in first if id_ in second}
    assert len(set(second.values())) == len(set(first.values())) + 1
    assert rows(shop, "select topic_id, name_id, name_en from ml.topics order by 1")[:2] == names

    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute("delete from raw.chatbot_events where event_id like 'milk%'")
    transform.build(as_of=later, settings=shop, full_refresh=True)
    third = discovered(shop, later)
    assert not any(id_.startswith("milk") for id_ in third)
    assert rows(shop, "select count(*) from ml.topic_messages where id like 'milk%'") == [(0,)]
    vanished = rows(shop, "select topic_id from ml.topics where vanished_at is not null")
    assert vanished == [(next(topic for id_, topic in first.items() if id_.startswith("milk")),)]


def test_topics_keep_ids_and_names_when_a_new_version_measures_messages_by_other_dimensions(shop: Settings) -> None:
    first = discovered(shop)
    names = rows(shop, "select topic_id, name_id, name_en from ml.topics order by 1")
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        # As an earlier version left them: by 60 numbers of four bytes each, one of them without a message by now.
        cursor.execute(
            "update ml.topics set centre = substring(centre for 240);"
            "update ml.topic_messages set place = substring(place for 240), space_version = 'earlier';"
            "update ml.topic_runs set means = substring(means for 480), space_version = 'earlier';"
            "insert into ml.topics (store_id, name_id, language, centre, messages, vanished_at)"
            " select store_id, 'lama', 'id', centre, 8, now() from ml.topics limit 1"
        )
    assert discovered(shop) == first
    assert rows(shop, "select topic_id, name_id, name_en from ml.topics where vanished_at is null order by 1") == names


def test_new_messages_join_the_topics_that_there_are(shop: Settings) -> None:
    first = discovered(shop)
    land(shop, [Said("new", "parkir sepeda di sebelah mana ya", END + timedelta(hours=1))])
    transform.build(as_of=END + timedelta(hours=2), settings=shop)
    assert place(shop, END + timedelta(hours=2)) == 1
    assert place(shop, END + timedelta(hours=2)) == 0
    assert rows(shop, "select topic_id from ml.topic_messages where id = 'new'") == [(first["parking 0"],)]


def test_reviews_are_placed_among_the_messages_and_again_when_they_are_edited(shop: Settings) -> None:
    review = (
        "insert into raw.reviews (store_id, source, review_id, version, rating, text, created_at)"
        " values ('default', 'file', 'r1', %s, 2, %s, %s)"
    )
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute(review, (1, "susah cari parkir motor di situ", END - timedelta(days=3)))
    topic_of = discovered(shop)
    assert topic_of["r1"] == topic_of["parking 0"]
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute(review, (2, "ada susu oat ya", END - timedelta(days=3)))
    assert place(shop, END) == 1
    assert rows(shop, "select topic_id, version from ml.topic_messages where id = 'r1'") == [(topic_of["milk 0"], 2)]
    transform.build(as_of=END, settings=shop)
    transform.build_part("reviews", shop)
    transform.build_part("topics", shop)
    found = rows(shop, "select sum(messages), sum(reviews) from marts.topics")
    assert found == [(len(topic_of), 1)]


def test_discovered_topics_are_on_the_dashboard_with_the_messages_about_them(shop: Settings) -> None:
    topic_of = discovered(shop)
    transform.build_part("topics", shop)
    client = dashboard_visitors.signed_in(dashboard_visitors.web(shop))
    page = client.get("/dashboards/what_people_say?from=2026-01-01&to=2026-03-31&lang=en").text
    table = page.partition('id="card-topics"')[2].partition("</article>")[0]
    shown = re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a></th>\s*<td[^>]*>([^<]*)<', table)
    assert {(unescape(name), count) for name, count in shown} == {
        (name, str(count))
        for topic_id, name in rows(shop, "select topic_id, name from marts.topics")
        for count in [list(topic_of.values()).count(topic_id)]
    }


def test_examples_and_names_hold_no_personal_data(shop: Settings) -> None:
    who = "parkir motor di mana, saya Suharyanto dari Solo, 0812-3456-7890, pesanan 88213"
    land(shop, [Said(f"private {number}", who, END - timedelta(days=number)) for number in range(12)])
    discovered(shop)
    examples = [text for (text,) in rows(shop, "select example from ml.topic_messages where example is not null")]
    assert len(examples) >= 6
    shown = " ".join(examples) + str(rows(shop, "select name_id, name_en from ml.topics"))
    assert not [secret for secret in ("Suharyanto", "suharyanto", "0812", "88213") if secret in shown]


def test_a_topic_that_triples_is_reported_once_unless_it_is_muted(shop: Settings) -> None:
    land(shop, messages(WARRANTY, "warranty", every(24, 84)))
    assert len(set(discovered(shop).values())) == 3
    assert rows(shop, "select * from ml.topic_growth") == []
    later = END + timedelta(days=7)
    for texts, name in ((PARKING, "parking more"), (OAT_MILK, "milk more")):
        land(shop, messages(texts, name, every(20, 8, later)))
    land(shop, messages(WARRANTY, "warranty more", every(5, 33, later)))
    topic_of = discovered(shop, later)
    grown = rows(shop, "select topic_id, kind, messages >= 3 * expected from ml.topic_growth")
    assert grown == [(topic_of["warranty 0"], "growing", True)]
    discover(shop, later)
    assert rows(shop, "select topic_id, kind, messages >= 3 * expected from ml.topic_growth") == grown
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into app.topic_settings (store_id, topic_id, is_muted) values ('default', %s, true)",
            (topic_of["warranty 0"],),
        )
    discover(shop, later)
    assert rows(shop, "select * from ml.topic_growth") == []


def test_messages_of_merged_topics_count_for_the_one_that_stays(shop: Settings) -> None:
    topic_of = discovered(shop)
    stays, merged = topic_of["parking 0"], topic_of["milk 0"]
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into app.topic_settings (store_id, topic_id, name, merged_into)"
            " values ('default', %s, 'Kafe', null), ('default', %s, null, %s)",
            (stays, merged, stays),
        )
    for _ in range(2):
        discovered(shop)
        transform.build_part("topics", shop)
        found = rows(shop, "select topic_id, name, messages, cardinality(examples) from marts.topics")
        assert found == [(stays, "Kafe", len(topic_of), 3)]
    with transaction("owner", shop) as connection, connection.cursor() as cursor:
        cursor.execute("update app.topic_settings set name = 'Warung' where topic_id = %s", (stays,))
    shown = rows(shop, "select distinct topic_id, topic_name from marts.fct_topic_messages where topic_id is not null")
    assert shown == [(stays, "Warung")], "a new name shows without a build"


def test_without_an_encoder_or_marts_it_says_what_to_do(settings: Settings, server_settings: Settings) -> None:
    with pytest.raises(NoEncoder, match=r"python -m ml\.encoder"):
        discover(settings)
    put_space_in_use(server_settings, settings)
    with pytest.raises(NoMarts, match="make kpis"):
        discover(settings)


def test_unrelated_messages_are_left_without_a_topic(shop: Settings) -> None:
    land(shop, messages(WARRANTY, "warranty", every(24, 84)))
    stray = [message.text for message in generate("coffee", 60, 3, noise=1.0)]
    land(shop, messages(stray, "stray", every(30, 60)))
    topic_of = discovered(shop)
    placed = sum(id_.startswith("stray") for id_ in topic_of)
    assert placed <= 60 / 3
    assert len([id_ for id_ in topic_of if id_.startswith(("parking", "milk", "warranty"))]) >= 0.9 * (101 + 101 + 84)
