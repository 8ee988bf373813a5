"""A survey closes by itself at the end of its closing day, says so, and takes answers again once it is reopened."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.support.people import Person
from tests.support.surveys import SETTINGS, answers, link_of, open_wave
from tests.webhook.inbox.settings_forms import fields
from warehouse.settings import Settings

People = Callable[..., Person]
Ask = Callable[..., list[tuple[Any, ...]]]


def today() -> date:
    """The shop's, which is that of the deployment."""
    return datetime.now(ZoneInfo("Asia/Jakarta")).date()


def closing(admin: Person, wave: str, day: date | str) -> Any:
    """Save a closing day as an admin does."""
    form = fields(admin.get(f"{SETTINGS}/wave/{wave}").text)
    return admin.post(f"{SETTINGS}/wave/{wave}", {**form, "closes_on": str(day)})


def let_pass(ask: Ask, wave: str) -> None:
    """Move the closing day to yesterday, as if a day had gone by."""
    ask("update app.survey_waves set closes_on = closes_on - 1 where wave = %s", wave)


def state(admin: Person, wave: str) -> str:
    found = re.search(r'<span class="tag [^"]+">(\w+)</span>', admin.get(f"{SETTINGS}/wave/{wave}").text)
    assert found
    return found[1]


def test_it_takes_answers_on_its_closing_day_and_none_after_it(admin: Person, app: Flask, wave: str, ask: Ask) -> None:
    link = open_wave(admin, wave)
    assert closing(admin, wave, today()).status_code == 303
    visitor = Person(app, "")
    start = visitor.get(link, headers={"Accept-Language": "en"})
    assert start.status_code == 200
    assert f"until the end of {today():%A}, {today().day} {today():%B %Y}" in start.text
    visitor.post(link)
    page = visitor.get(f"{link}/1").text
    visitor.post(f"{link}/1", dict(answers(page)))
    let_pass(ask, wave)
    for answer in (visitor.get(link), visitor.get(f"{link}/2"), visitor.post(f"{link}/1", dict(answers(page, 1)))):
        assert answer.status_code == 410
        assert "This survey has ended" in answer.text
    assert ask("select distinct performance from raw.survey_answers where wave = %s", wave) == [(4,)]
    assert state(admin, wave) == "Closed"
    assert 'id="link"' not in admin.get(f"{SETTINGS}/wave/{wave}").text
    assert admin.post(f"{SETTINGS}/invite/{wave}", {"days": "30"}).status_code == 409


@pytest.mark.parametrize("zone", ["Asia/Jayapura", "Asia/Jakarta", "America/St_Johns"])
def test_the_closing_day_ends_at_the_shops_midnight(
    admin: Person, wave: str, ask: Ask, module_settings: Settings, zone: str
) -> None:
    store = module_settings.default_store
    ask("insert into app.store_settings (store_id, name, timezone) values (%s, 'Toko', %s)", store, zone)
    try:
        day = datetime.now(ZoneInfo(zone)).date() + timedelta(days=40)
        assert closing(admin, wave, day).status_code == 303
    finally:
        ask("delete from app.store_settings where store_id = %s", store)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    assert ask("select closes_at from app.survey_waves where wave = %s", wave) == [(midnight.astimezone(UTC),)]


def test_a_day_that_has_passed_cannot_be_chosen(admin: Person, wave: str, ask: Ask) -> None:
    for day in (today() - timedelta(days=1), "2026-13-01", "soon"):
        answer = closing(admin, wave, day)
        assert answer.status_code == 422, day
        assert 'id="closes_on-fault"' in answer.text
    assert closing(admin, wave, today()).status_code == 303
    let_pass(ask, wave)
    assert admin.post(f"{SETTINGS}/open/{wave}").status_code == 409
    assert closing(admin, wave, "").status_code == 303
    open_wave(admin, wave)


def test_a_closed_survey_is_reopened_with_its_link_and_answers(admin: Person, app: Flask, wave: str, ask: Ask) -> None:
    link = open_wave(admin, wave)
    visitor = Person(app, "")
    visitor.get(link)
    visitor.post(link)
    visitor.post(f"{link}/1", dict(answers(visitor.get(f"{link}/1").text)))
    closing(admin, wave, today())
    let_pass(ask, wave)
    opened = ask("select opened_at from app.survey_waves where wave = %s", wave)
    assert admin.post(f"{SETTINGS}/reopen/{wave}").status_code == 303
    assert state(admin, wave) == "Open"
    assert link_of(admin, wave) == link
    assert fields(admin.get(f"{SETTINGS}/wave/{wave}").text)["closes_on"] == ""
    assert f'href="{link}/2"' in visitor.get(link).text
    assert ask("select opened_at from app.survey_waves where wave = %s", wave) == opened


def test_reopened_before_its_closing_day_a_survey_keeps_it(admin: Person, wave: str) -> None:
    open_wave(admin, wave)
    day = today() + timedelta(days=7)
    closing(admin, wave, day)
    admin.post(f"{SETTINGS}/close/{wave}")
    page = admin.get(f"{SETTINGS}/wave/{wave}").text
    assert "closes_on" not in fields(page)
    assert admin.post(f"{SETTINGS}/wave/{wave}", {**fields(page), "title_en": "How are we?"}).status_code == 303
    admin.post(f"{SETTINGS}/reopen/{wave}")
    assert fields(admin.get(f"{SETTINGS}/wave/{wave}").text)["closes_on"] == str(day)


def test_a_draft_or_an_open_survey_is_not_reopened(admin: Person, wave: str) -> None:
    admin.post(f"{SETTINGS}/reopen/{wave}")
    assert state(admin, wave) == "Draft"
    open_wave(admin, wave)
    admin.post(f"{SETTINGS}/reopen/{wave}")
    assert "Reopened" not in admin.get(f"{SETTINGS}/wave/{wave}").text
    assert admin.post(f"{SETTINGS}/reopen/none").status_code == 404


def test_pages_show_the_closing_day_in_indonesian(people: People, app: Flask, wave: str) -> None:
    admin = people("admin", "Indonesian")
    admin.post("/inbox/language", {"language": "id", "next": "/inbox"})
    link = open_wave(admin, wave)
    closing(admin, wave, date(today().year + 1, 1, 5))
    told = f"5 Januari {today().year + 1}"
    assert told in admin.get(f"{SETTINGS}/wave/{wave}").text
    assert told in admin.get(SETTINGS).text
    assert told in Person(app, "").get(link, headers={"Accept-Language": "id"}).text
