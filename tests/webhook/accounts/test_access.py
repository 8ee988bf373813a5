"""Who gets into the inbox, and how: passwords, sessions, forged requests, roles, and what every page forbids."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable

import argon2
import pytest
import time_machine
from flask import Flask
from werkzeug.routing import UUIDConverter

from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person, inbox_settings
from warehouse import connection
from warehouse.settings import ROOT, Settings
from webhook.accounts import attempts, passwords, users
from webhook.app import create_app

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(module_settings: Settings) -> Command:
    """Runs `python -m webhook.users` as it is run where there is no terminal."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "webhook.users", *arguments],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


def account(settings: Settings, email: str, role: str = "agent", password: str = PASSWORD) -> None:
    with connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
        users.add(cursor, email, "Somebody", role, password)


def ask(settings: Settings, statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def test_whoever_has_not_signed_in_is_led_to_the_form_and_back_again(app: Flask, module_settings: Settings) -> None:
    account(module_settings, "back@shop.example")
    person = Person(app, "back@shop.example")
    answer = person.get("/inbox?state=waiting")
    assert answer.status_code == 303
    form = person.get(answer.headers["Location"])
    assert 'value="/inbox?state=waiting"' in form.text
    answer = person.post(
        "/inbox/sign-in", {"email": person.email, "password": PASSWORD, "next": "/inbox?state=waiting"}
    )
    assert answer.headers["Location"] == "/inbox?state=waiting"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "inbox", "/health"]
)
def test_signing_in_never_leads_to_another_place(app: Flask, people: Callable[..., Person], elsewhere: str) -> None:
    person = Person(app, people().email)
    person.get("/inbox/sign-in")
    answer = person.post("/inbox/sign-in", {"email": person.email, "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/inbox"


def test_a_wrong_password_an_unknown_and_a_closed_account_get_the_same_answer(
    app: Flask, module_settings: Settings, command: Command
) -> None:
    for email in ("open@shop.example", "closed@shop.example"):
        account(module_settings, email)
    assert command("close", "closed@shop.example").returncode == 0
    pages = []
    for email, password in (
        ("open@shop.example", "wrong password"), ("nobody@shop.example", PASSWORD), ("closed@shop.example", PASSWORD)
    ):  # fmt: skip
        answer = Person(app, email).sign_in(password)
        assert answer.status_code == 401
        pages.append(answer.text.split('role="alert"')[1].split("</p>")[0])
    assert len(set(pages)) == 1


def test_a_password_is_hashed_again_when_the_parameters_have_changed(app: Flask, module_settings: Settings) -> None:
    account(module_settings, "old@shop.example")
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    ask(module_settings, "update app.users set password_hash = %s where email = 'old@shop.example'", weak)
    assert Person(app, "old@shop.example").sign_in().status_code == 303
    [[stored]] = ask(module_settings, "select password_hash from app.users where email = 'old@shop.example'")
    assert stored != weak
    assert not passwords.is_outdated(str(stored))
    assert passwords.is_right(str(stored), PASSWORD)


@pytest.fixture
def few_attempts(monkeypatch: pytest.MonkeyPatch, module_settings: Settings) -> None:
    """Three attempts instead of eight, so that the test hashes less."""
    monkeypatch.setitem(attempts.SIGN_IN.most, "both", 3)
    ask(module_settings, "delete from app.sign_in_attempts")


@pytest.mark.usefixtures("few_attempts")
def test_too_many_attempts_are_counted_by_all_processes_together(app: Flask, module_settings: Settings) -> None:
    account(module_settings, "tried@shop.example")
    other_process = create_app(inbox_settings(module_settings))
    for number in range(attempts.SIGN_IN.most["both"]):
        person = Person((app, other_process)[number % 2], "tried@shop.example")
        assert person.sign_in("wrong password").status_code == 401
    for web in (app, other_process):
        answer = Person(web, "tried@shop.example").sign_in(PASSWORD)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900
    nobody = [
        Person(app, "unknown@shop.example").sign_in("x").status_code for _ in range(attempts.SIGN_IN.most["both"] + 1)
    ]
    assert nobody == [401] * attempts.SIGN_IN.most["both"] + [429]
    from_elsewhere = Person(app, "tried@shop.example")
    from_elsewhere.get("/inbox/sign-in")
    answer = from_elsewhere.post(
        "/inbox/sign-in", {"email": "tried@shop.example", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "203.0.113.9"}, headers={"X-Forwarded-For": "198.51.100.1"},
    )  # fmt: skip
    assert answer.status_code == 303
    kept = str(ask(module_settings, "select * from app.sign_in_attempts"))
    assert "tried" not in kept
    assert "127.0.0.1" not in kept


@pytest.mark.usefixtures("few_attempts")
def test_a_stranger_cannot_choose_the_address_that_is_counted(app: Flask) -> None:
    answers = []
    for number in range(attempts.SIGN_IN.most["both"] + 1):
        person = Person(app, "forged@shop.example")
        person.get("/inbox/sign-in")
        given = {"X-Forwarded-For": f"198.51.100.{number}"}
        from_ = {"REMOTE_ADDR": "203.0.113.10"}
        form = {"email": person.email, "password": "wrong"}
        answers.append(person.post("/inbox/sign-in", form, headers=given, environ_base=from_).status_code)
    assert answers[-1] == 429


@pytest.mark.usefixtures("few_attempts")
def test_behind_a_trusted_proxy_its_own_word_is_the_address_that_is_counted(module_settings: Settings) -> None:
    app = create_app(inbox_settings(module_settings).model_copy(update={"trusted_proxies": 1}))

    def answered(forwarded: str) -> int:
        person = Person(app, "proxied@shop.example")
        person.get("/inbox/sign-in")
        form = {"email": person.email, "password": "wrong"}
        return person.post("/inbox/sign-in", form, headers={"X-Forwarded-For": forwarded}).status_code

    answers = [answered(f"198.51.100.{number}, 203.0.113.20") for number in range(attempts.SIGN_IN.most["both"] + 1)]
    assert answers == [401] * attempts.SIGN_IN.most["both"] + [429]
    assert answered("203.0.113.20, 203.0.113.21") == 401


def test_strangers_who_guess_do_not_lock_out_a_browser_that_signed_in_before(
    app: Flask, module_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(module_settings, "target@shop.example")
    owner = Person(app, "target@shop.example")
    assert owner.sign_in().status_code == 303
    owner.post("/inbox/sign-out")
    monkeypatch.setitem(attempts.SIGN_IN.most, "account", 2)
    for number in range(3):
        stranger = Person(app, "target@shop.example")
        stranger.get("/inbox/sign-in")
        form = {"email": stranger.email, "password": "wrong"}
        refused = stranger.post("/inbox/sign-in", form, environ_base={"REMOTE_ADDR": f"203.0.113.{number}"})
    assert refused.status_code == 429
    assert Person(app, "target@shop.example").sign_in().status_code == 429, "a browser that nobody knows"
    assert owner.sign_in().status_code == 303
    # What the browser keeps names nobody, counts for one account, and only with our signature.
    cookie = owner.client.get_cookie("kabar_device")
    assert cookie
    assert cookie.http_only
    assert "target" not in cookie.value
    for value in (cookie.value[:-4] + "AAAA", "x"):
        forger = Person(app, "target@shop.example")
        forger.client.set_cookie("kabar_device", value)
        assert forger.sign_in().status_code == 429


def test_attempts_in_a_known_browser_are_limited_too(app: Flask, module_settings: Settings) -> None:
    account(module_settings, "shared@shop.example")
    person = Person(app, "shared@shop.example")
    person.sign_in()
    person.post("/inbox/sign-out")
    answers = [person.sign_in("wrong").status_code for _ in range(attempts.KNOWN_DEVICE.most["device"] + 1)]
    assert answers == [401] * attempts.KNOWN_DEVICE.most["device"] + [429]


def test_when_many_sign_in_at_once_others_are_asked_to_try_again(
    app: Flask, module_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(module_settings, "early@shop.example")
    person = Person(app, "early@shop.example")
    with monkeypatch.context() as others:
        others.setattr(passwords, "_places", threading.Semaphore(0))
        answers = [person.sign_in() for _ in range(attempts.SIGN_IN.most["both"] + 1)]
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in answers} == {(429, "3")}
    assert person.sign_in().status_code == 303, "none of them counted as a wrong password"


def test_a_new_password_ends_every_session(app: Flask, module_settings: Settings, command: Command) -> None:
    account(module_settings, "reset@shop.example")
    person = Person(app, "reset@shop.example")
    person.sign_in()
    assert person.get("/inbox").status_code == 200
    done = command("password", "reset@shop.example")
    assert done.returncode == 0
    assert person.get("/inbox").status_code == 303
    assert person.sign_in().status_code == 401
    assert person.sign_in(done.stdout.split()[-1]).status_code == 303


def test_a_session_ends_after_its_hours_however_busy_it_was(app: Flask, people: Callable[..., Person]) -> None:
    person = Person(app, people().email)
    with time_machine.travel("2026-11-01T08:00:00Z", tick=False) as clock:
        person.sign_in()
        for _ in range(11):
            clock.shift(3600)
            assert person.get("/inbox").status_code == 200
        clock.shift(3700)
        assert person.get("/inbox").status_code == 303


def test_a_form_without_the_pages_token_does_nothing(app: Flask, people: Callable[..., Person]) -> None:
    person = people("agent", "Forged")
    for path in ("/inbox/search", "/inbox/language", "/inbox/sign-out", "/inbox/conversations/1/reply"):
        assert person.client.post(path, data={"text": "x", "language": "en"}).status_code == 400, path
        assert person.client.post(path, data={"csrf_token": "forged"}).status_code == 400, path
    assert person.get("/inbox").status_code == 200


def test_every_page_asks_for_a_role(app: Flask) -> None:
    """A view that forgot to say whom it is for is shown to nobody."""
    client = app.test_client()
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("inbox.")]
    assert len(rules) > 50
    for rule in rules:
        if rule.endpoint in ("inbox.static", "inbox.show_sign_in"):
            continue
        converters = rule._converters
        values = {name: uuid.UUID(int=0) if isinstance(converters[name], UUIDConverter) else 1 for name in converters}
        path = rule.build(values, append_unknown=False)
        assert path
        for method in rule.methods & {"GET", "POST"}:
            status = client.open(path[1], method=method).status_code
            public = rule.endpoint in ("inbox.enter", "inbox.leave", "inbox.choose_language")
            assert status == (400 if public else 303 if method == "GET" else 401), (rule.endpoint, method)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("agent", 404), ("admin", 404)])
def test_a_viewer_reads_and_does_not_write(people: Callable[..., Person], role: str, status: int) -> None:
    person = people(role, "Role")
    for action in ("take-over", "give-back", "close", "reply", "label", "assign", "summary"):
        answer = person.post(f"/inbox/conversations/987654/{action}")
        assert answer.status_code == (409 if action == "summary" and role != "viewer" else status), action


def test_what_every_answer_carries(people: Callable[..., Person]) -> None:
    person = people()
    answer = person.get("/inbox")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert person.get("/inbox/nothing-here").status_code == 404


@pytest.mark.parametrize(
    ("public_url", "host", "secure"),
    [("https://kabar.example", "kabar.example", True), ("https://kabar.example", "127.0.0.1:8000", False),
     (None, "kabar.example", False)],
)  # fmt: skip
def test_the_cookie_is_for_this_app_alone(
    module_settings: Settings, public_url: str | None, host: str, secure: bool
) -> None:
    web = create_app(inbox_settings(module_settings).model_copy(update={"public_url": public_url}))
    answer = web.test_client().get("/inbox/sign-in", headers={"Host": host})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) == secure


def test_without_a_session_key_the_rest_of_the_app_runs(module_settings: Settings) -> None:
    client = create_app(module_settings).test_client()
    assert client.get("/health/live").status_code == 200
    answer = client.get("/inbox")
    assert answer.status_code == 503
    assert "KABAR_SESSION_KEY" in answer.text


def test_the_command_makes_lists_and_closes_accounts(app: Flask, command: Command) -> None:
    made = command("add", "First@Shop.example", "--name", "Ibu Ratna", "--role", "admin")
    assert made.returncode == 0, made.stderr
    password = made.stdout.split()[-1]
    person = Person(app, "first@shop.example")
    assert person.sign_in(password).status_code == 303
    assert "first@shop.example  Ibu Ratna  admin" in command("list").stdout
    twice = command("add", "first@shop.example", "--name", "X", "--role", "agent")
    assert twice.returncode == 1
    assert "has an account" in twice.stderr
    assert command("close", "first@shop.example").returncode == 0
    assert person.get("/inbox").status_code == 303
    assert command("password", "first@shop.example").returncode == 1


def test_the_language_is_the_users_and_is_kept(app: Flask, people: Callable[..., Person]) -> None:
    person = Person(app, people("agent", "Lang").email)
    assert 'lang="en"' in person.get("/inbox/sign-in", headers={"Accept-Language": "en"}).text
    person.sign_in()
    assert '<html lang="id">' in person.get("/inbox", headers={"Accept-Language": "en"}).text
    person.post("/inbox/language", {"language": "en", "next": "/inbox"})
    assert '<html lang="en">' in person.get("/inbox").text
    other_browser = Person(app, person.email)
    other_browser.sign_in()
    assert '<html lang="en">' in other_browser.get("/inbox").text


@pytest.mark.parametrize("how", ["command", "page", "role"])
def test_whoever_cannot_write_any_more_has_no_conversations(
    app: Flask, people: Callable[..., Person], module_settings: Settings, command: Command, how: str
) -> None:
    leaver, chats = people("agent", f"Leaver {how}".replace(" ", "")), Chats(module_settings)
    chats.says("Halo, masih di sana?", f"left-{how}")
    thread = chats.conversation(f"left-{how}")
    assert leaver.post(f"/inbox/conversations/{thread}/take-over").status_code == 303
    assert leaver.post(f"/inbox/conversations/{thread}/snooze", {"until": "snooze_tomorrow"}).status_code == 303
    [(user_id,)] = ask(module_settings, "select user_id from app.users where email = %s", leaver.email)
    admin = people("admin", "Boss")
    if how == "command":
        assert command("close", leaver.email).returncode == 0
    elif how == "page":
        assert admin.post(f"/inbox/settings/people/{user_id}/close").status_code == 303
    else:
        form = {"role": "viewer", "seen": "agent"}
        assert admin.post(f"/inbox/settings/people/{user_id}/role", form).status_code == 303
    state = ask(
        module_settings,
        "select state, assigned_to, state_reason, snoozed_until from app.conversations where conversation_id = %s",
        thread,
    )
    assert state == [("waiting", None, "agent_left", None)]
    assert "tidak lagi punya akses" in admin.get(f"/inbox/conversations/{thread}").text


def test_the_navigation_leads_where_the_reader_may_go(people: Callable[..., Person]) -> None:
    page = people("agent").get("/inbox").text
    assert 'href="/dashboards?lang=id"' in page
    assert 'href="/inbox/settings"' in page
    answer = people("agent").get("/inbox/settings")
    assert answer.headers["Location"] == "/inbox/settings/canned"
    subjects = people("agent").get("/inbox/settings/canned")
    assert subjects.status_code == 200
    assert "/inbox/settings/people" not in subjects.text
    assert 'href="/inbox/settings"' not in people("viewer").get("/inbox").text
