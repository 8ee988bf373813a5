"""What no page of ours would send: numbers past every column, texts that Postgres does not take, words of no filter."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.converters import IntegerConverter, UUIDConverter

from tests.support.chats import Chats
from tests.support.people import Person
from warehouse.settings import Settings

HUGE = 10**30
ODD = "x\x00' \ud7ff<script>%s{0}"


FIELDS = (
    "email", "password", "name", "role", "text", "message", "token", "to", "key", "seen", "sample", "question",
    "shortcut", "content_sid", "language", "template", "words", "patterns",
)  # fmt: skip


def path_of(rule: Rule) -> str:
    kinds: dict[type, object] = {IntegerConverter: HUGE, UUIDConverter: uuid.UUID(int=7)}
    values = {name: kinds.get(type(kind), ODD) for name, kind in rule._converters.items()}
    built = rule.build(values, append_unknown=False)
    assert built
    return built[1]


def test_no_request_breaks_a_page(app: Flask, people: Callable[..., Person]) -> None:
    admin = people("admin", "Odd")
    form = dict.fromkeys(FIELDS, ODD)
    skipped = ("inbox.static", "inbox.show_changes", "inbox.leave")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("inbox.")]
    assert len(rules) > 50
    for rule in rules:
        if rule.endpoint in skipped:
            continue
        path = path_of(rule)
        if "GET" in rule.methods:
            assert admin.get(path).status_code < 500, path
            for query in ({"store": ODD, "search": ODD, "before": ODD}, {"from": ODD}):
                assert admin.get(path, query_string=query).status_code < 500, (path, query)
        if "POST" in rule.methods:
            assert admin.post(path, form).status_code < 500, path


@pytest.mark.parametrize("place", ["1-²", f"1-{HUGE}", "1-x", "²-1", f"{HUGE}-1", "-1-1", "1-"])
def test_a_place_that_no_list_has_is_refused(people: Callable[..., Person], place: str) -> None:
    assert people().get("/inbox", query_string={"before": place}).status_code == 400


def test_a_place_in_a_thread_is_any_text(people: Callable[..., Person], module_settings: Settings) -> None:
    chats = Chats(module_settings)
    chats.says("Halo", "odd")
    thread = chats.conversation("odd")
    for place, status in (("1-²", 200), ("1-\x00", 400), (f"{HUGE}-a", 400)):
        answer = people().get(f"/inbox/conversations/{thread}", query_string={"from": place})
        assert answer.status_code == status, place


def test_a_refused_form_leads_to_pages_that_can_be_opened(people: Callable[..., Person]) -> None:
    """The language is changed on a page that answered a form, whose own address takes only forms."""
    person = people()
    for next_page in ("/inbox/conversations/1/reply", "/inbox/nothing/here", "/inbox\x00"):
        answer = person.post("/inbox/language", {"language": "id", "next": next_page})
        assert answer.headers["Location"] == "/inbox", next_page
