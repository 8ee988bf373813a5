"""What people change of their own account, and the language that a new one starts in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.people import PASSWORD, Person
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import attempts, users

NEW = "another long password"
Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def newcomer(app: Flask, module_settings: Settings) -> Callable[[str], Person]:
    """`newcomer("ayu")` has an account and never signed in."""

    def added(name: str) -> Person:
        email = f"{name}@shop.example"
        with connection.transaction("inbox", module_settings) as opened, opened.cursor() as cursor:
            users.add(cursor, email, name, "viewer", PASSWORD)
        return Person(app, email)

    return added


def signed_in(person: Person, accepted: str | None, password: str = PASSWORD) -> str:
    """The page after signing in with a browser of these languages."""
    headers = {"Accept-Language": accepted} if accepted else {}
    person.get("/inbox/sign-in", headers=headers)
    form = {"email": person.email, "password": password}
    assert person.post("/inbox/sign-in", form, headers=headers).status_code == 303
    return person.get("/inbox/account", headers=headers).text


def test_an_account_starts_in_the_language_of_the_browser_and_keeps_it(newcomer: Callable[[str], Person]) -> None:
    ayu = newcomer("ayu")
    assert '<html lang="en">' in signed_in(ayu, "en-GB,en;q=0.9")
    ayu.post("/inbox/sign-out")
    assert '<html lang="en">' in signed_in(ayu, "id")
    assert '<html lang="id">' in signed_in(newcomer("bayu"), "id-ID,id;q=0.9,en;q=0.8")


def test_a_language_chosen_on_the_sign_in_form_is_kept(newcomer: Callable[[str], Person]) -> None:
    citra = newcomer("citra")
    citra.get("/inbox/sign-in")
    citra.post("/inbox/language", {"language": "id", "next": "/inbox/sign-in"})
    assert '<html lang="id">' in signed_in(citra, "en")


def test_people_change_their_own_name(newcomer: Callable[[str], Person], ask: Ask) -> None:
    dewi = newcomer("dewi")
    signed_in(dewi, "en")
    assert dewi.post("/inbox/account/name", {"name": "Dewi Lestari"}).status_code == 303
    assert "Dewi Lestari" in dewi.get("/inbox/account").text
    assert "Dewi Lestari" in dewi.get("/dashboards").text
    empty = dewi.post("/inbox/account/name", {"name": " "})
    assert (empty.status_code, "This field is required." in empty.text) == (422, True)


def test_people_change_their_own_password_which_ends_their_other_sessions(
    newcomer: Callable[[str], Person], app: Flask
) -> None:
    eka = newcomer("eka")
    signed_in(eka, "en")
    elsewhere = Person(app, eka.email)
    signed_in(elsewhere, "en")
    form = {"current": PASSWORD, "new": NEW, "again": NEW}
    for wrong, sentence in (
        ({"current": "not this"}, "This is not your current password."),
        ({"new": "short", "again": "short"}, "Enter a password of 10 to 200 characters."),
        ({"again": "something else"}, "The two passwords differ."),
    ):
        answer = eka.post("/inbox/account/password", form | wrong)
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert NEW not in answer.text
    assert eka.post("/inbox/account/password", form).status_code == 303
    assert eka.get("/inbox/account").status_code == 200
    assert elsewhere.get("/inbox/account").status_code == 303
    assert Person(app, eka.email).sign_in().status_code == 401
    assert Person(app, eka.email).sign_in(NEW).status_code == 303


def test_whoever_has_a_session_cannot_try_passwords_without_end(
    newcomer: Callable[[str], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    fajar = newcomer("fajar")
    signed_in(fajar, "en")
    monkeypatch.setitem(attempts.SIGN_IN.most, "both", 2)
    form = {"current": "wrong", "new": NEW, "again": NEW}
    answers = [fajar.post("/inbox/account/password", form).status_code for _ in range(3)]
    assert answers == [422, 422, 429]


def test_the_account_is_for_whoever_signed_in(app: Flask) -> None:
    stranger = app.test_client()
    assert stranger.get("/inbox/account").status_code == 303
    for path in ("/inbox/account/name", "/inbox/account/password"):
        assert stranger.post(path).status_code == 401
