"""Surveys in the settings: made from statements that are locked once it is open, watched, closed, exported, copied."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from flask import Flask

from tests.support.people import Person
from tests.support.surveys import SETTINGS, answers, open_wave
from tests.webhook.inbox.settings_forms import fields
from warehouse.connection import transaction
from warehouse.settings import Settings


def items(admin: Person, wave: str) -> list[str]:
    return re.findall(r'<li id="item-(\w+)">', admin.get(f"{SETTINGS}/wave/{wave}").text)


def counts(page: str) -> list[int]:
    """Statements, invited, started and finished."""
    return [int(count) for count in re.findall(r"<dd>(\d+)</dd>", page)]


def test_a_new_survey_has_eighteen_statements_of_five_dimensions(
    admin: Person, wave: str, module_settings: Settings
) -> None:
    assert len(items(admin, wave)) == 18
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("select dimension from app.survey_items where wave = %s group by 1 order by 1", (wave,))
        assert [name for (name,) in cursor.fetchall()] == [
            "compensation", "efficiency", "fulfilment", "reliability", "responsiveness",
        ]  # fmt: skip


def test_statements_are_edited_moved_removed_and_added(admin: Person, wave: str) -> None:
    form = fields(admin.get(f"{SETTINGS}/item/{wave}?item=EFF1").text)
    changed = {**form, "item": "find", "text_en": "Products are found."}
    assert admin.post(f"{SETTINGS}/item/{wave}?item=EFF1", changed).status_code == 303
    assert items(admin, wave)[:3] == ["FIND", "EFF2", "EFF3"]
    assert "Products are found." in admin.get(f"{SETTINGS}/wave/{wave}").text
    admin.post(f"{SETTINGS}/move/{wave}", {"item": "FIND", "to": "down"})
    assert items(admin, wave)[:3] == ["EFF2", "FIND", "EFF3"]
    admin.post(f"{SETTINGS}/move/{wave}", {"item": "EFF3", "to": "up"})
    admin.post(f"{SETTINGS}/remove/{wave}", {"item": "EFF2"})
    assert items(admin, wave)[:3] == ["EFF3", "FIND", "EFF4"]
    new = {"item": "gift", "dimension": "Gifts", "text_id": "Kado dibungkus.", "text_en": "Gifts are wrapped."}
    assert admin.post(f"{SETTINGS}/item/{wave}", new).status_code == 303
    assert items(admin, wave)[-1] == "GIFT"
    again = admin.post(f"{SETTINGS}/item/{wave}", new)
    assert again.status_code == 422
    assert 'id="item-fault"' in again.text


@pytest.mark.parametrize("field", ["item", "dimension", "text_id", "text_en"])
def test_a_statement_needs_all_its_fields(admin: Person, wave: str, field: str) -> None:
    form = fields(admin.get(f"{SETTINGS}/item/{wave}?item=EFF1").text)
    answer = admin.post(f"{SETTINGS}/item/{wave}?item=EFF1", {**form, field: " "})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text


def test_dimensions_are_shown_and_entered_in_the_readers_language(
    admin: Person, wave: str, app: Flask, module_settings: Settings
) -> None:
    def stored(item: str) -> str:
        with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
            query = "select dimension from app.survey_items where wave = %s and item = %s"
            cursor.execute(query, (wave, item))
            found = cursor.fetchone()
        assert found
        return str(found[0])

    admin.post("/inbox/language", {"language": "id", "next": "/inbox"})
    address = f"{SETTINGS}/item/{wave}?item=EFF1"
    form = fields(admin.get(address).text)
    assert form["dimension"] == "Kemudahan"
    for entered, kept in (("FULFILMENT", "fulfilment"), ("kemudahan", "efficiency"), ("Efficiency", "efficiency")):
        assert admin.post(address, {**form, "dimension": entered}).status_code == 303
        assert stored("EFF1") == kept
        form = fields(admin.get(address).text)
    for item, entered in (("GIFT1", "Kado & Kartu"), ("GIFT2", "kado & kartu")):
        new = {"item": item, "dimension": entered, "text_id": "Kado dibungkus.", "text_en": "Gifts are wrapped."}
        assert admin.post(f"{SETTINGS}/item/{wave}", new).status_code == 303
        assert stored(item) == "Kado & Kartu"
    page = admin.get(f"{SETTINGS}/wave/{wave}").text
    assert ">Kemudahan</span>" in page
    assert ">Kado &amp; Kartu</span>" in page
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "update app.survey_items set dimension = initcap(dimension) where wave = %s and item like 'EFF%%'", (wave,)
        )
    link = open_wave(admin, wave)
    for language, heading in (("id", "Kemudahan"), ("en", "Efficiency")):
        visitor = Person(app, "")
        visitor.get(link)
        visitor.post(link)
        assert f"<h1>{heading}</h1>" in visitor.get(f"{link}/1?lang={language}").text


def test_two_admins_do_not_overwrite_each_others_statement(admin: Person, wave: str) -> None:
    address = f"{SETTINGS}/item/{wave}?item=EFF1"
    mine, theirs = (fields(admin.get(address).text) for _ in range(2))
    admin.post(address, {**theirs, "text_en": "Theirs."})
    assert admin.post(address, {**mine, "text_en": "Mine."}).status_code == 409


def test_an_open_survey_keeps_its_statements(admin: Person, wave: str) -> None:
    form = fields(admin.get(f"{SETTINGS}/item/{wave}?item=EFF1").text)
    open_wave(admin, wave)
    before = items(admin, wave)
    assert admin.post(f"{SETTINGS}/item/{wave}?item=EFF1", {**form, "text_en": "x"}).status_code == 409
    assert admin.post(f"{SETTINGS}/item/{wave}", {**form, "item": "NEW"}).status_code == 409
    assert admin.post(f"{SETTINGS}/move/{wave}", {"item": "EFF1", "to": "down"}).status_code == 409
    assert admin.post(f"{SETTINGS}/remove/{wave}", {"item": "EFF1"}).status_code == 409
    assert items(admin, wave) == before
    assert "It is easy to find" in admin.get(f"{SETTINGS}/wave/{wave}").text


def test_a_survey_without_statements_is_not_opened(admin: Person, wave: str) -> None:
    for item in items(admin, wave):
        admin.post(f"{SETTINGS}/remove/{wave}", {"item": item})
    assert admin.post(f"{SETTINGS}/open/{wave}").status_code == 409


def test_a_name_is_taken_once_and_is_plain(admin: Person, wave: str) -> None:
    for name in (wave, "a/b", "", "?", "x" * 81):
        form = {"wave": name, "title_id": "Survei", "title_en": "Survey"}
        answer = admin.post(f"{SETTINGS}/new", form)
        assert answer.status_code == 422, name
        assert 'id="wave-fault"' in answer.text


def test_the_title_can_be_changed_at_any_time(admin: Person, wave: str) -> None:
    open_wave(admin, wave)
    form = fields(admin.get(f"{SETTINGS}/wave/{wave}").text)
    assert form["title_en"] == "Customer survey"
    assert admin.post(f"{SETTINGS}/wave/{wave}", {**form, "title_en": "How are we?"}).status_code == 303
    assert fields(admin.get(f"{SETTINGS}/wave/{wave}").text)["title_en"] == "How are we?"


def test_answers_are_counted_and_exported_for_a_spreadsheet(admin: Person, app: Flask, wave: str) -> None:
    link = open_wave(admin, wave)
    for pages in (1, 5):
        visitor = Person(app, "")
        visitor.get(link)
        visitor.post(link)
        for number in range(1, pages + 1):
            visitor.post(f"{link}/{number}", dict(answers(visitor.get(f"{link}/{number}").text, performance=3)))
        if pages == 5:
            visitor.post(f"{link}/6", {"gender": "male"})
    assert counts(admin.get(f"{SETTINGS}/wave/{wave}").text) == [18, 0, 2, 1]
    export = admin.get(f"{SETTINGS}/answers/{wave}")
    assert export.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(export.data.decode("utf-8-sig"))))
    assert len(rows) == 4 + 18
    assert {(row["performance"], row["expectation"]) for row in rows} == {("3", "5")}
    assert {row["gender"] for row in rows} == {"", "male"}
    assert len({row["respondent"] for row in rows}) == 2


def test_a_closed_survey_is_not_opened_as_a_draft_is(admin: Person, wave: str) -> None:
    open_wave(admin, wave)
    assert admin.post(f"{SETTINGS}/close/{wave}").status_code == 303
    assert admin.post(f"{SETTINGS}/open/{wave}").status_code == 303
    page = admin.get(f"{SETTINGS}/wave/{wave}").text
    assert ">Closed</span>" in page
    assert 'id="link"' not in page


def test_a_copy_has_the_statements_of_the_earlier_survey(admin: Person, wave: str) -> None:
    admin.post(f"{SETTINGS}/remove/{wave}", {"item": "EFF1"})
    admin.post(f"{SETTINGS}/move/{wave}", {"item": "COM3", "to": "up"})
    open_wave(admin, wave)
    form = {"wave": f"{wave}-2", "title_id": "Survei", "title_en": "Survey"}
    assert admin.post(f"{SETTINGS}/new?copied={wave}", form).status_code == 303
    assert items(admin, f"{wave}-2") == items(admin, wave)
    assert admin.post(f"{SETTINGS}/item/{wave}-2", {}).status_code == 422


def test_a_survey_that_is_not_there_is_not_found(admin: Person) -> None:
    for path in ("wave/none", "answers/none", "item/none", "new?copied=none"):
        answer: Any = admin.get(f"{SETTINGS}/{path}")
        if path.startswith("new"):
            answer = admin.post(f"{SETTINGS}/{path}", {"wave": "n", "title_id": "a", "title_en": "b"})
        assert answer.status_code == 404, path
    for path in ("open/none", "close/none", "move/none", "remove/none"):
        assert admin.post(f"{SETTINGS}/{path}", {"item": "x"}).status_code == 404, path
