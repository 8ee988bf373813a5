"""What the bot says, set in the inbox: rules, voice, canned replies and templates; and who may sign in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.people import Person
from tests.webhook.inbox.settings_forms import fields

HX = "HX" + "0" * 31
Ask = Callable[..., list[tuple[Any, ...]]]


def opened(person: Person, page: str, action: str = "") -> dict[str, str]:
    answer = person.get(f"/inbox/settings/{page}")
    assert answer.status_code == 200
    return fields(answer.text, action)


def rule(ask: Ask, intent: str) -> int:
    return int(ask("select rule_id from app.rules where intent = %s", intent)[0][0])


def test_a_shop_begins_with_rules_and_its_own_are_edited_added_and_deleted(admin: Person, ask: Ask) -> None:
    assert "greeting" in admin.get("/inbox/settings/rules").text
    new = {"intent": "Parking", "patterns": "parkir\nada/punya parkir", "answer_id": "Ada kak.", "answer_en": "Yes."}
    answer = admin.post("/inbox/settings/rules/new", {**new, "action": "", "is_active": "on"})
    assert answer.status_code == 303
    kept = ask("select intent, patterns, answer_en, action, is_active from app.rules order by position desc limit 1")
    assert kept == [("parking", ["parkir", "ada/punya parkir"], "Yes.", None, True)]

    page = f"/inbox/settings/rules/{rule(ask, 'parking')}"
    form = fields(admin.get(page).text)
    assert admin.post(page, form | {"answer_en": "Yes, next door."}).status_code == 303
    assert admin.post(page, form | {"answer_en": "No."}).status_code == 409
    assert ask("select answer_en from app.rules where intent = 'parking'") == [("Yes, next door.",)]
    assert admin.post(f"{page}/remove").status_code == 303
    assert ask("select count(*) from app.rules where intent = 'parking'") == [(0,)]
    assert admin.post(page, form).status_code == 409
    assert admin.get(page).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"intent": ""}, "intent"),
        ({"intent": "ongkir?"}, "intent"),
        ({"intent": "greeting"}, "intent"),
        ({"patterns": ""}, "patterns"),
        ({"patterns": "(a+)+$"}, "patterns"),
        ({"patterns": "kirim **"}, "patterns"),
        ({"patterns": "\n".join(f"kata{n}" for n in range(101))}, "patterns"),
        ({"answer_en": ""}, "answer_en"),
        ({"answer_id": "a" * 1601}, "answer_id"),
        ({"action": "shout"}, "action"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(admin: Person, changes: dict[str, str], field: str) -> None:
    admin.get("/inbox/settings/rules")
    form = {"intent": "fine", "patterns": "jam buka", "answer_id": "a", "answer_en": "b", "action": ""} | changes
    answer = admin.post("/inbox/settings/rules/new", form)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text


def test_rules_are_put_in_order_and_turned_off(admin: Person, ask: Ask) -> None:
    def order() -> list[str]:
        return [intent for (intent,) in ask("select intent from app.rules order by position, rule_id")]

    admin.get("/inbox/settings/rules")
    before = order()
    second = rule(ask, before[1])
    assert admin.post(f"/inbox/settings/rules/{second}/move", {"to": "up"}).status_code == 303
    assert order() == [before[1], before[0], *before[2:]]
    admin.post(f"/inbox/settings/rules/{second}/move", {"to": "up"})
    assert order()[0] == before[1]
    admin.post(f"/inbox/settings/rules/{second}/move", {"to": "down"})
    assert order() == before
    assert admin.post(f"/inbox/settings/rules/{second}/switch", {"to": "off"}).status_code == 303
    assert ask("select is_active from app.rules where rule_id = %s", second) == [(False,)]
    admin.post(f"/inbox/settings/rules/{second}/switch", {"to": "on"})
    assert ask("select is_active from app.rules where rule_id = %s", second) == [(True,)]


@pytest.mark.parametrize(
    ("message", "intent", "said"),
    [
        ("makasih banyak kak", "thanks", "Rules</b>: answered"),
        ("STOP", "stop", "Opt-out or opt-in request?</b>: answered"),
        ("mau bicara sama CS dong", "human", "Needs an agent?</b>: handed over"),
        ("apakah kopi gayo cocok untuk french press", "", "Rules</b>: next step (no rule covers the whole message)"),
    ],
)
def test_a_message_is_tried_on_the_rules(admin: Person, message: str, intent: str, said: str) -> None:
    admin.get("/inbox/settings/rules")
    answer = admin.post("/inbox/settings/rules/try", {"message": message})
    assert answer.status_code == 200
    tried = answer.text.partition('class="would-say"')[2].partition("</form>")[0]
    assert said in tried
    assert re.findall(r'<a href="/inbox/settings/rules/[0-9]+">(.*?)</a>', tried) == ([intent] if intent else [])
    assert admin.post("/inbox/settings/rules/try", {"message": " "}).status_code == 422


def test_a_rule_that_is_off_is_not_used_when_trying(admin: Person, ask: Ask) -> None:
    admin.get("/inbox/settings/rules")
    thanks = rule(ask, "thanks")
    admin.post(f"/inbox/settings/rules/{thanks}/switch", {"to": "off"})
    assert "no rule covers" in admin.post("/inbox/settings/rules/try", {"message": "makasih banyak kak"}).text
    admin.post(f"/inbox/settings/rules/{thanks}/switch", {"to": "on"})


def test_the_voice_is_kept_in_versions_and_goes_back_by_a_new_one(admin: Person, ask: Ask) -> None:
    form = opened(admin, "voice", "/inbox/settings/voice")
    first = form | {"shop_name": "Toko Selasar", "tone": "Santai.", "instructions": "Singkat.\nSopan."}
    assert admin.post("/inbox/settings/voice", first).status_code == 303
    late = opened(admin, "voice", "/inbox/settings/voice")
    assert admin.post("/inbox/settings/voice", late | {"instructions": "Singkat.\nRamah."}).status_code == 303
    assert admin.post("/inbox/settings/voice", late | {"tone": "Resmi."}).status_code == 409

    compared = admin.get("/inbox/settings/voice/1").text
    assert re.search(r"<del>.*Sopan\.</del>", compared)
    assert re.search(r"<ins>.*Ramah\.</ins>", compared)
    restore = fields(compared, "/inbox/settings/voice/1/restore")
    assert admin.post("/inbox/settings/voice/1/restore", restore).status_code == 303
    assert admin.post("/inbox/settings/voice/1/restore", restore).status_code == 409
    versions = ask("select version, instructions, created_by is not null from app.bot_instructions order by 1")
    assert versions == [
        (1, "Singkat.\nSopan.", True),
        (2, "Singkat.\nRamah.", True),
        (3, "Singkat.\nSopan.", True),
    ]
    assert admin.get("/inbox/settings/voice/9").status_code == 404
    assert admin.post("/inbox/settings/voice", first | {"shop_name": ""}).status_code == 422
    assert admin.post("/inbox/settings/voice", first | {"instructions": "a" * 6001}).status_code == 422


def test_a_preview_says_what_the_bot_would_say_and_saves_nothing(admin: Person, ask: Ask) -> None:
    form = opened(admin, "voice", "/inbox/settings/voice")
    before = ask("select count(*) from app.bot_instructions")
    answer = admin.post("/inbox/settings/voice/preview", form | {"shop_name": "Kedai Pagi", "sample": "halo kak"})
    assert answer.status_code == 200
    assert "Kedai Pagi" in re.findall(r'<blockquote class="bubble">(.*?)</blockquote>', answer.text, re.S)[0]
    assert '<p class="decided-by">\n<b>Rules</b>: answered (greeting)' in answer.text
    assert fields(answer.text, "/inbox/settings/voice")["shop_name"] == "Kedai Pagi"
    nothing_known = admin.post("/inbox/settings/voice/preview", form | {"sample": "apakah ada promo bulan madu?"})
    assert '<p class="decided-by">\n<b>No answer found</b>: handed over' in nothing_known.text
    assert admin.post("/inbox/settings/voice/preview", form | {"sample": ""}).status_code == 422
    assert ask("select count(*) from app.bot_instructions") == before
    assert ask("select count(*) from app.conversations") == [(0,)]


def test_agents_write_canned_replies_too(people: Callable[..., Person], ask: Ask) -> None:
    agent = people("agent")
    agent.get("/inbox/settings/canned/new")
    text = {"shortcut": "Ongkir", "text_id": "Ongkir mulai Rp10.000.", "text_en": "Delivery starts at Rp10,000."}
    assert agent.post("/inbox/settings/canned/new", text).status_code == 303
    assert agent.post("/inbox/settings/canned/new", text).status_code == 422
    for wrong in ({"shortcut": "two words"}, {"text_en": ""}, {"text_id": "a" * 1601}):
        assert agent.post("/inbox/settings/canned/new", text | {"shortcut": "lain"} | wrong).status_code == 422
    (key,) = ask("select canned_reply_id from app.canned_replies")[0]
    form = opened(agent, f"canned/{key}")
    assert agent.post(f"/inbox/settings/canned/{key}", form | {"text_en": "From Rp10,000."}).status_code == 303
    assert agent.post(f"/inbox/settings/canned/{key}", form).status_code == 409
    assert ask("select shortcut, text_en from app.canned_replies") == [("ongkir", "From Rp10,000.")]
    assert agent.post(f"/inbox/settings/canned/{key}/remove").status_code == 303
    assert ask("select count(*) from app.canned_replies") == [(0,)]


def test_templates_hold_a_name_for_each_place_that_is_filled_in(admin: Person, ask: Ask) -> None:
    admin.get("/inbox/settings/templates/new")
    form = {"content_sid": f"{HX}a", "name": "Dikirim", "language": "id", "is_active": "on"}
    form |= {"body": "Halo {{1}}, pesanan {{2}} sudah dikirim.", "variables": "nama\nnomor pesanan"}
    for field, value in (
        ("content_sid", "HX12"), ("name", ""), ("language", "fr"), ("body", ""), ("variables", "nama"),
        ("body", "Halo {{3}} {{1}}"),
    ):  # fmt: skip
        answer = admin.post("/inbox/settings/templates/new", form | {field: value})
        assert answer.status_code == 422, field
    assert admin.post("/inbox/settings/templates/new", form).status_code == 303
    assert admin.post("/inbox/settings/templates/new", form).status_code == 422
    page = f"/inbox/settings/templates/{HX}a"
    edited = fields(admin.get(page).text)
    del edited["is_active"]
    assert admin.post(page, edited).status_code == 303
    assert ask("select name, variables, is_active from app.message_templates") == [
        ("Dikirim", ["nama", "nomor pesanan"], False)
    ]
    assert admin.post(f"{page}/remove").status_code == 303
    assert ask("select count(*) from app.message_templates") == [(0,)]


def shown_password(text: str) -> str:
    return re.findall(r"<code>(.+?)</code>", text)[0]


def test_a_person_is_added_signs_in_gets_a_new_password_and_is_closed(admin: Person, app: Flask, ask: Ask) -> None:
    admin.get("/inbox/settings/people")
    form = {"email": "Budi@Shop.Example", "name": "Budi", "role": "agent"}
    added = admin.post("/inbox/settings/people", form)
    password = shown_password(added.text)
    assert added.headers["Cache-Control"] == "no-store"
    assert password not in admin.get("/inbox/settings/people").text
    budi = Person(app, "budi@shop.example")
    assert budi.sign_in(password).status_code == 303
    (key,) = ask("select user_id from app.users where email = 'budi@shop.example'")[0]

    assert admin.post("/inbox/settings/people", form).status_code == 422
    another = shown_password(admin.post(f"/inbox/settings/people/{key}/password").text)
    assert budi.get("/inbox").status_code == 303
    assert budi.sign_in(another).status_code == 303

    assert admin.post(f"/inbox/settings/people/{key}/role", {"role": "viewer", "seen": "agent"}).status_code == 303
    assert budi.get("/inbox/settings/canned").status_code == 403
    assert admin.post(f"/inbox/settings/people/{key}/role", {"role": "admin", "seen": "agent"}).status_code == 409
    assert admin.post(f"/inbox/settings/people/{key}/role", {"role": "owner", "seen": "viewer"}).status_code == 400

    assert admin.post(f"/inbox/settings/people/{key}/close").status_code == 303
    assert budi.get("/inbox").status_code == 303
    assert budi.sign_in(another).status_code != 303
    assert admin.post(f"/inbox/settings/people/{key}/password").status_code == 404
    assert shown_password(admin.post("/inbox/settings/people", form).text)
    assert ask("select is_active, role from app.users where user_id = %s", key) == [(True, "agent")]


@pytest.mark.parametrize(
    "changes", [{"email": "budi"}, {"email": ""}, {"name": ""}, {"role": "owner"}, {"email": "a b@c.d"}]
)
def test_an_account_that_cannot_be_is_refused(admin: Person, ask: Ask, changes: dict[str, str]) -> None:
    admin.get("/inbox/settings/people")
    before = ask("select count(*) from app.users")
    form = {"email": "eka@shop.example", "name": "Eka", "role": "viewer"} | changes
    assert admin.post("/inbox/settings/people", form).status_code == 422
    assert ask("select count(*) from app.users") == before


def test_the_last_admin_is_neither_closed_nor_made_less(admin: Person, people: Any, ask: Ask) -> None:
    admin.get("/inbox/settings/people")
    (key,) = ask("select user_id from app.users where email = %s", admin.email)[0]
    assert admin.post(f"/inbox/settings/people/{key}/close").status_code == 409
    assert admin.post(f"/inbox/settings/people/{key}/role", {"role": "agent", "seen": "admin"}).status_code == 409
    assert ask("select role, is_active from app.users where user_id = %s", key) == [("admin", True)]
    people("admin", "Rudi")
    assert admin.post(f"/inbox/settings/people/{key}/role", {"role": "agent", "seen": "admin"}).status_code == 303
    ask("update app.users set role = 'admin' where user_id = %s", key)
