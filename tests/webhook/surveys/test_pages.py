"""A survey is answered page by page through its link: once by each browser, in both languages, while it is open."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.people import Person
from tests.support.surveys import SETTINGS, answers, create_for, numbers, open_wave
from webhook.accounts import attempts

People = Callable[..., Person]
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def wave(people: People, request: pytest.FixtureRequest) -> tuple[str, str]:
    """The name of an open survey of the test's own, and the path of its link."""
    name = create_for(request, people("admin"))
    return name, open_wave(people("admin"), name)


@pytest.fixture
def visitor(app: Flask) -> Person:
    return Person(app, "")


def begin(visitor: Person, link: str) -> str:
    """Start and return the first page."""
    visitor.get(link)
    answer = visitor.post(link)
    assert (answer.status_code, answer.location) == (303, f"{link}/1")
    return visitor.get(f"{link}/1").text


def answer_all(visitor: Person, link: str, **given: int) -> None:
    page = begin(visitor, link)
    for number in range(1, 6):
        answer = visitor.post(f"{link}/{number}", dict(answers(page, **given)))
        assert answer.location == f"{link}/{number + 1}"
        page = visitor.get(answer.location).text


def stored(ask: Ask, wave: str) -> list[tuple[Any, ...]]:
    return ask(
        "select item, performance, expectation from raw.survey_answers where wave = %s order by respondent, item", wave
    )


def test_a_survey_is_answered_page_by_page_and_finished(visitor: Person, wave: tuple[str, str], ask: Ask) -> None:
    name, link = wave
    answer_all(visitor, link)
    about = {"gender": "female", "age_band": "25_34", "job": "", "customer_since": "over_2_years"}
    assert visitor.post(f"{link}/6", about).location == link
    assert "Your answers have been received" in visitor.get(link).text
    found = stored(ask, name)
    assert len(found) == 18
    assert {answer[1:] for answer in found} == {(4, 5)}
    [respondent] = ask(
        "select source, customer_key, gender, age_band, job, customer_since, language, finished_at is not null"
        " from raw.survey_respondents where wave = %s",
        name,
    )
    assert respondent == ("link", None, "female", "25_34", None, "over_2_years", "en", True)


def test_dimensions_stand_with_their_answers(visitor: Person, wave: tuple[str, str], ask: Ask) -> None:
    answer_all(visitor, wave[1])
    found = ask(
        "select dimension, count(*)::int from raw.survey_answers where wave = %s group by 1 order by 1", wave[0]
    )
    assert found == [
        ("compensation", 3), ("efficiency", 4), ("fulfilment", 4), ("reliability", 4), ("responsiveness", 3),
    ]  # fmt: skip


def test_who_closes_the_browser_goes_on_where_they_stopped(visitor: Person, wave: tuple[str, str]) -> None:
    link = wave[1]
    visitor.post(f"{link}/1", dict(answers(begin(visitor, link), performance=2)))
    kept = visitor.client.get_cookie("kabar_survey", path=link)
    assert kept is not None
    assert kept.http_only
    assert kept.max_age
    again = Person(visitor.client.application, "")
    again.client.set_cookie("kabar_survey", kept.value, path=link)
    assert f'href="{link}/2"' in again.get(link).text
    assert len(re.findall(r'name="performance-\d+" value="2" checked', again.get(f"{link}/1").text)) == 4


def test_answers_can_be_changed_until_they_are_finished(visitor: Person, wave: tuple[str, str], ask: Ask) -> None:
    name, link = wave
    answer_all(visitor, link)
    page = visitor.get(f"{link}/1").text
    visitor.post(f"{link}/1", dict(answers(page, performance=1)))
    assert [row[1] for row in stored(ask, name) if row[0].startswith("EFF")] == [1] * 4
    visitor.post(f"{link}/6")
    late = visitor.post(f"{link}/1", dict(answers(page, performance=5)))
    assert late.location == link
    assert [row[1] for row in stored(ask, name) if row[0].startswith("EFF")] == [1] * 4
    assert visitor.get(f"{link}/1").location == link
    assert ask("select count(*) from raw.survey_respondents where wave = %s", name) == [(1,)]


def test_missing_answers_are_pointed_out_once_and_may_stay_missing(
    visitor: Person, wave: tuple[str, str], ask: Ask
) -> None:
    name, link = wave
    first, *others = numbers(begin(visitor, link))
    form = {f"performance-{first}": "3", f"expectation-{first}": "4", f"performance-{others[0]}": "2"}
    answer = visitor.post(f"{link}/1", form)
    assert answer.status_code == 422
    assert "3 statements are not answered yet" in answer.text
    assert answer.text.count('class="item missing"') == 3
    assert stored(ask, name) == [("EFF1", 3, 4), ("EFF2", 2, None)]
    assert visitor.post(f"{link}/1", {**form, "anyway": "1"}).location == f"{link}/2"


def test_one_answer_is_no_many(visitor: Person, wave: tuple[str, str]) -> None:
    first, *others = numbers(begin(visitor, wave[1]))
    given = {f"{scale}-{number}": "5" for number in others for scale in ("performance", "expectation")}
    answer = visitor.post(f"{wave[1]}/1", given | {f"performance-{first}": "1"})
    assert "1 statement is not answered yet" in answer.text


@pytest.mark.parametrize("odd", ["0", "6", "3.5", "x", "", "-1", "٣", "1\x00", "55"])
def test_what_is_no_answer_is_not_stored(visitor: Person, wave: tuple[str, str], ask: Ask, odd: str) -> None:
    name, link = wave
    page = begin(visitor, link)
    visitor.post(f"{link}/1", {**answers(page), f"performance-{numbers(page)[0]}": odd})
    assert stored(ask, name)[0] == ("EFF1", None, 5)


def test_two_browsers_are_two_respondents(app: Flask, wave: tuple[str, str], ask: Ask) -> None:
    for given in (2, 5):
        answer_all(Person(app, ""), wave[1], performance=given)
    assert sorted(row[1] for row in stored(ask, wave[0])) == [2] * 18 + [5] * 18


def test_pages_are_in_the_browsers_language_and_can_be_switched(visitor: Person, wave: tuple[str, str]) -> None:
    link = wave[1]
    page = visitor.get(link, headers={"Accept-Language": "id,en;q=0.5"})
    assert page.headers["Content-Language"] == "id"
    assert "Survei pelanggan" in page.text
    assert "Customer survey" in visitor.get(link, headers={"Accept-Language": "en"}).text
    assert "Survei pelanggan" in visitor.get(f"{link}?lang=id").text
    page = begin(visitor, link)
    assert "Produk yang dicari mudah ditemukan." in page
    answer = visitor.post(f"{link}/1", {**answers(page, performance=2), "lang": "en"})
    assert answer.location == f"{link}/1"
    switched = visitor.get(f"{link}/1").text
    assert "It is easy to find the product you are looking for." in switched
    assert len(re.findall(r'name="performance-\d+" value="2" checked', switched)) == 4


def test_after_closing_nothing_is_taken_and_the_page_says_so(
    visitor: Person, people: People, wave: tuple[str, str], ask: Ask
) -> None:
    name, link = wave
    page = begin(visitor, link)
    visitor.post(f"{link}/1", dict(answers(page)))
    assert people("admin").post(f"{SETTINGS}/close/{name}").status_code == 303
    for answer in (visitor.get(link), visitor.get(f"{link}/2"), visitor.post(f"{link}/1", dict(answers(page)))):
        assert answer.status_code == 410
        assert "This survey has ended" in answer.text
    assert len(stored(ask, name)) == 4


def test_a_draft_cannot_be_answered(app: Flask, people: People, wave: tuple[str, str], ask: Ask) -> None:
    ask("update app.survey_waves set state = 'draft' where wave = %s", wave[0])
    assert Person(app, "").get(wave[1]).status_code == 404


def test_a_link_that_was_not_signed_here_leads_nowhere(visitor: Person, wave: tuple[str, str]) -> None:
    for signed in ("x", wave[1].rpartition("/")[2][:-1] + "A", "..", "%00"):
        assert visitor.get(f"/surveys/{signed}").status_code in (400, 404)
    assert visitor.get(f"{wave[1]}/1").location == wave[1]
    begin(visitor, wave[1])
    assert visitor.get(f"{wave[1]}/7").status_code == 404
    assert visitor.get(f"{wave[1]}/0").status_code == 404


def test_a_form_without_the_pages_token_is_refused(visitor: Person, wave: tuple[str, str], ask: Ask) -> None:
    name, link = wave
    page = begin(visitor, link)
    assert visitor.client.post(f"{link}/1", data=answers(page)).status_code == 400
    assert stored(ask, name) == []


def test_pages_are_not_kept_and_run_no_scripts(visitor: Person, wave: tuple[str, str]) -> None:
    page = visitor.get(wave[1])
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_a_signed_in_admin_answers_like_everybody(people: People, wave: tuple[str, str], ask: Ask) -> None:
    answer_all(people("admin", "Answering"), wave[1])
    assert len(stored(ask, wave[0])) == 18


def test_one_address_cannot_begin_without_end(app: Flask, wave: tuple[str, str], ask: Ask) -> None:
    ask("delete from app.sign_in_attempts")
    most = attempts.SURVEY.most["address"]
    statuses = []
    for _ in range(most + 1):
        visitor = Person(app, "")
        visitor.get(wave[1])
        statuses.append(visitor.post(wave[1]).status_code)
    assert statuses == [303] * most + [429]
    ask("delete from app.sign_in_attempts")
