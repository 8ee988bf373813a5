"""The voice, knowledge and rules pages preview the bot alike, by its own steps and with the models that are in use."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any, NamedTuple

import pytest

from bot import tools
from bot.knowledge import documents
from tests.support import speech_acts
from tests.support.airflow import put_constant_model_in_use
from tests.support.encoders import put_in_use
from tests.support.people import PASSWORD, Person, inbox_settings
from tests.webhook.inbox.settings_forms import fields
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app

PAGE = b"# Ongkos kirim\nKe Bandung Rp9.000, ke Medan Rp22.000.\n\n# Jam buka\nSenin sampai Jumat pukul 08.00-17.00.\n"
DEPENDS_ON_ORDERS = "depends on the customer's orders"


class Shown(NamedTuple):
    """A preview as a page shows it: what would be said, the step that decides, every step, and the notes below."""

    says: str
    decided_by: str
    steps: tuple[str, ...]
    notes: tuple[str, ...]


@pytest.fixture(scope="module")
def admin(people: Callable[..., Person], module_settings: Settings) -> Person:
    """An admin of a shop with one page of knowledge, for tests that only look."""
    return with_knowledge(people("admin"), module_settings)


@pytest.fixture
def restless(settings: Settings) -> Person:
    """The same over a database and a web app of the test's own, whose models change."""
    with connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
        users.add(cursor, "sari@shop.example", "Sari", "admin", PASSWORD)
    person = Person(create_app(inbox_settings(settings)), "sari@shop.example")
    assert person.sign_in().status_code == 303
    return with_knowledge(person, settings)


def with_knowledge(person: Person, settings: Settings) -> Person:
    person.post("/inbox/language", {"language": "en", "next": "/inbox"})
    assert person.post("/inbox/knowledge", {"files": (io.BytesIO(PAGE), "toko.md")}).status_code == 303
    [[document_id]] = rows(settings, "select document_id from app.knowledge_documents")
    documents.read_document(settings, document_id)
    return person


def rows(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def on_voice(admin: Person, question: str) -> Shown:
    form = fields(admin.get("/inbox/settings/voice").text, "/inbox/settings/voice")
    return shown(admin, "/inbox/settings/voice/preview", form | {"sample": question})


def on_knowledge(admin: Person, question: str) -> Shown:
    admin.get("/inbox/knowledge")
    return shown(admin, "/inbox/knowledge/ask", {"question": question})


def on_rules(admin: Person, question: str) -> Shown:
    admin.get("/inbox/settings/rules")
    return shown(admin, "/inbox/settings/rules/try", {"message": question})


def shown(admin: Person, path: str, form: dict[str, str]) -> Shown:
    answer = admin.post(path, form)
    assert answer.status_code == 200
    [block] = re.findall(r'<div class="would-say".*?</details>.*?</div>', answer.text, re.DOTALL)
    said = re.findall(r"<blockquote.*?</blockquote>", block, re.DOTALL)
    [decided_by] = re.findall(r'<p class="decided-by">.*?</p>', block, re.DOTALL)
    steps = re.findall(r"<li.*?</li>", block, re.DOTALL)
    notes = re.findall(r'<p class="(?:notice|hint)">.*?</p>', block, re.DOTALL)
    return Shown("".join(map(text, said)), text(decided_by), tuple(map(text, steps)), tuple(map(text, notes)))


def text(html: str) -> str:
    """The words of some HTML, without the links that only one page has."""
    return " ".join(unescape(re.sub(r"<a .*?</a>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


@pytest.mark.parametrize(
    ("question", "decided_by", "says"),
    [
        ("pesanan saya mana?", "Customer's orders : answered", "pesanan"),
        ("status pesanan #771003", "Customer's orders : refused", "pesanan"),
        ("makasih banyak kak", "Rules : answered (thanks)", "Sama-sama"),
        ("ongkir ke bandung brp", "Knowledge : answered", "Ke Bandung Rp9.000"),
        ("apakah ada promo bulan madu?", "No answer found : handed over", ""),
        ("STOP", "Opt-out or opt-in request? : answered", ""),
        ("mau bicara sama CS dong", "Needs an agent? : handed over (the customer asked for an agent)", ""),
        ("DASAR PENIPU!!!", "Needs an agent? : handed over (angry and urgent)", ""),
        ("👍", "Any text? : no reply", ""),
    ],
)
def test_the_same_question_is_decided_alike_on_the_three_pages(
    admin: Person, question: str, decided_by: str, says: str
) -> None:
    by_voice, by_knowledge, by_rules = (page(admin, question) for page in (on_voice, on_knowledge, on_rules))
    assert by_voice == by_knowledge == by_rules
    assert by_rules.decided_by.startswith(decided_by)
    assert says in by_rules.says
    assert bool(by_rules.says) == (question != "👍")


@pytest.mark.parametrize(
    ("question", "depends"),
    [("pesanan saya mana?", True), ("status pesanan #771003", True), ("ongkir ke bandung brp", False), ("STOP", False)],
)
def test_a_preview_says_what_it_cannot_know(admin: Person, question: str, depends: bool) -> None:
    notes = " ".join(on_rules(admin, question).notes)
    assert "a customer without orders" in notes
    assert (DEPENDS_ON_ORDERS in notes) == depends


def test_a_preview_leads_to_the_rules_that_it_rests_on(admin: Person, module_settings: Settings) -> None:
    on_rules(admin, "halo")
    [[thanks]] = rows(module_settings, "select rule_id from app.rules where intent = 'thanks'")
    answer = admin.post("/inbox/settings/rules/try", {"message": "makasih banyak kak"})
    block = answer.text.partition('class="would-say"')[2].partition("</form>")[0]
    assert f'href="/inbox/settings/rules/{thanks}"' in block


def test_a_preview_writes_nothing(admin: Person, module_settings: Settings) -> None:
    for page in (on_voice, on_knowledge, on_rules):
        page(admin, "pesanan saya mana?")
    for table in ("conversations", "bot_decisions", "replies", "bot_instructions"):
        assert rows(module_settings, f"select count(*) from app.{table}") == [(0,)]


def test_a_classifier_put_in_use_is_used_without_a_restart(
    restless: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "RENEW_SECONDS", 0.3)
    assert "no classifier in use" in on_rules(restless, "halo").steps[0]
    for issue in ("delivery", "payment"):
        put_constant_model_in_use(settings, issue)
        time.sleep(0.4)
        for page in (on_voice, on_knowledge, on_rules):
            assert f"topics: {issue.title()}" in page(restless, "halo").steps[0]


def test_an_encoder_put_in_use_is_used_without_a_restart(
    restless: Person, server_settings: Settings, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "RENEW_SECONDS", 0.3)
    question = "hari jumat pelayanan sampai pukul berapa"
    assert on_voice(restless, question).decided_by.startswith("No answer found")
    put_in_use(server_settings, settings)
    assert documents.embed_passages(settings) == 2
    time.sleep(0.4)
    for page in (on_voice, on_knowledge, on_rules):
        assert "08.00-17.00" in page(restless, question).says


def test_a_courtesy_that_no_rule_covers_is_previewed_as_the_bot_decides_it(
    restless: Person, server_settings: Settings, settings: Settings
) -> None:
    speech_acts.put_in_use(server_settings, settings)
    for page in (on_voice, on_knowledge, on_rules):
        assert "Sama-sama" in page(restless, "makasih kak infonya membantu sekali").says


def test_a_question_is_said_to_be_no_courtesy_rather_than_to_lack_a_model(
    restless: Person, server_settings: Settings, settings: Settings
) -> None:
    speech_acts.put_in_use(server_settings, settings)
    steps = on_rules(restless, "apakah ada promo bulan madu?").steps
    tried = [step for step in steps if step.startswith(("Thanks, goodbye or small talk?", "Probably a courtesy"))]
    assert [step.partition(" : ")[2] for step in tried] == ["next step (no)"] * 2


def test_models_are_looked_for_no_more_often_than_the_worker_does(restless: Person, settings: Settings) -> None:
    assert tools.RENEW_SECONDS == 60
    on_rules(restless, "halo")
    put_constant_model_in_use(settings)
    assert "no classifier in use" in on_rules(restless, "halo").steps[0]
