"""Addresses that people type, and what browsers and programs get at addresses that no page has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.people import Person
from webhook.inbox.conversations import listing

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
INDONESIAN = {**BROWSER, "Accept-Language": "id-ID,id;q=0.9"}


@pytest.mark.parametrize(
    ("role", "start"), [("admin", "/inbox"), ("agent", "/inbox"), ("viewer", "/dashboards")]
)  # fmt: skip
def test_the_first_address_leads_to_the_start_page_of_the_role(
    people: Callable[..., Person], role: str, start: str
) -> None:
    assert people(role).get("/").location == start
    assert people(role).get("/login").location == "/inbox/sign-in"
    assert people(role).get("/inbox/sign-in").location == start


def test_the_first_address_leads_strangers_to_the_sign_in_form(app: Flask) -> None:
    assert app.test_client().get("/").location == "/inbox/sign-in"


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/inbox/", "/inbox"),
        ("/inbox/?state=waiting", "/inbox?state=waiting"),
        ("/dashboards/", "/dashboards"),
        ("/dashboards/bot/", "/dashboards/bot"),
        ("/inbox/settings/hours/", "/inbox/settings/hours"),
        ("/login", "/inbox/sign-in"),
        ("/login/", "/login"),
        ("/settings", "/inbox/settings"),
    ],
)
def test_addresses_that_people_type_lead_to_their_pages(app: Flask, typed: str, page: str) -> None:
    answer = app.test_client().get(typed, headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, page)


def test_a_slash_never_leads_to_another_host(app: Flask) -> None:
    for typed in ("/%2Fdashboards/", "/%2F/elsewhere.example/", "/\\elsewhere.example/", "/%5Cdashboards/"):
        location = app.test_client().get(typed, headers=BROWSER).location or "/"
        assert not location.startswith(("//", "/\\")), typed
        assert "elsewhere" not in location


@pytest.mark.parametrize("unknown", ["/nothing", "/inbox/xyz", "/inbox/conversations/abc", "/webhooks/nothing"])
def test_unknown_addresses_are_pages_in_the_browsers_language(app: Flask, unknown: str) -> None:
    english = app.test_client().get(unknown, headers=BROWSER)
    assert (english.status_code, english.mimetype) == (404, "text/html")
    assert "<h1>Page not found</h1>" in english.text
    assert "default-src 'none'" in english.headers["Content-Security-Policy"]
    assert "<h1>Halaman tidak ditemukan</h1>" in app.test_client().get(unknown, headers=INDONESIAN).text


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json, text/plain, */*"])
def test_programs_get_json_about_unknown_addresses(app: Flask, accept: str | None) -> None:
    for path in ("/nothing", "/webhooks/twilio/nothing", "/inbox/"):
        answer = app.test_client().get(path, headers={"Accept": accept} if accept else {})
        assert (answer.status_code, answer.mimetype, answer.json["error"]) == (404, "application/json", "not_found")


def test_an_address_that_only_takes_forms_is_no_page(people: Callable[..., Person]) -> None:
    answer = people().get("/inbox/sign-out", headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "POST" in answer.headers["Allow"]


def test_a_fault_of_ours_is_a_page_without_its_cause(
    app: Flask, people: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ValueError("a customer's number")

    monkeypatch.setattr(listing, "listing", broken)
    answer = people().get("/inbox", headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "customer's number" not in answer.text
    assert people().get("/inbox").json["error"] == "internal_error"


def test_browsers_find_an_icon_where_they_look_first(app: Flask) -> None:
    answer = app.test_client().get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
