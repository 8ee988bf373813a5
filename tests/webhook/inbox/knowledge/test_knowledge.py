"""Uploading what the bot knows, over HTTP: who may, what is taken, what becomes of it, what the bot would say."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import docx
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from bot.knowledge import documents
from bot.knowledge.search import search
from ml.encoder.store import encoder_in_use
from tests.support.encoders import put_in_use
from tests.support.people import Person
from warehouse import connection
from warehouse.settings import Settings

PAGE = "# Ongkos kirim\nKe Bandung Rp9.000, ke Medan Rp22.000.\n\n# Jam buka\nSenin sampai Jumat pukul 08.00–17.00.\n"

Ask = Callable[..., list[tuple[Any, ...]]]
People = Callable[..., Person]


@pytest.fixture(scope="module")
def ask(ask: Ask, module_settings: Settings, server_settings: Settings) -> Ask:
    """Asks the file's database, in which an encoder is in use."""
    put_in_use(server_settings, module_settings)
    return ask


@pytest.fixture(autouse=True)
def _nothing_known(ask: Callable[..., Any]) -> None:
    ask("delete from app.knowledge_documents")
    ask("delete from queue.procrastinate_jobs")


def upload(person: Person, *files: tuple[str, bytes]) -> TestResponse:
    return person.post("/inbox/knowledge", {"files": [(io.BytesIO(content), name) for name, content in files]})


def work(settings: Settings, ask: Callable[..., Any]) -> None:
    """Do what the worker would."""
    for (arguments,) in ask("select args from queue.procrastinate_jobs where task_name = 'read_document'"):
        documents.read_document(settings, **arguments)


def test_uploads_become_passages_that_are_shown_and_answered_with(
    people: People, module_settings: Settings, ask: Callable[..., Any]
) -> None:
    agent = people("agent")
    word = io.BytesIO()
    written = docx.Document()
    written.add_heading("Return policy", 1)
    written.add_paragraph("Return unopened goods within 7 days for a full refund.")
    written.save(word)
    answer = upload(agent, ("ongkir.md", PAGE.encode()), ("toko/return\u202e.docx", word.getvalue()))
    assert answer.status_code == 303
    assert ask("select name, state from app.knowledge_documents order by name") == [
        ("ongkir.md", "waiting"),
        ("return.docx", "waiting"),
    ]
    assert "dalam antrean" in agent.get("/inbox/knowledge").text
    work(module_settings, ask)
    listed = agent.get("/inbox/knowledge/documents", headers={"X-Fragment": "1"}).text
    assert "2 cuplikan · Bahasa Indonesia" in listed
    assert "Bahasa Inggris" in listed
    assert "oleh Sari" in listed
    (document_id,) = ask("select document_id from app.knowledge_documents where name = 'ongkir.md'")[0]
    assert "Ke Bandung Rp9.000, ke Medan Rp22.000." in agent.get(f"/inbox/knowledge/{document_id}").text
    said = agent.post("/inbox/knowledge/ask", {"question": "ongkir ke bdg brp kak"}, headers={"X-Fragment": "1"}).text
    answer_shown, _, found = said.partition("Cuplikan yang ditemukan")
    assert "Ke Bandung Rp9.000" in answer_shown
    assert "ditemukan lewat kata · ditemukan lewat makna" in found
    with connection.connect("bot", module_settings) as opened, opened.cursor() as cursor:
        store_id, encoder = module_settings.default_store, encoder_in_use(module_settings)
        scores = [passage.score for passage in search(cursor, store_id, "ongkir ke bdg brp kak", encoder)]
    assert scores[0] > 0.75
    shown = [int(score) for score in re.findall(r"Skor (\d+) dari 100", found)]
    assert shown == [int(score * 100) for score in scores]
    assert shown == sorted(shown, reverse=True)


def test_a_question_that_nothing_answers_is_said_to_have_no_answer(
    people: People, module_settings: Settings, ask: Callable[..., Any]
) -> None:
    agent = people("agent")
    upload(agent, ("ongkir.md", PAGE.encode()))
    work(module_settings, ask)
    said = agent.post("/inbox/knowledge/ask", {"question": "do you sell laptops"}, headers={"X-Fragment": "1"}).text
    assert "Tidak ada cuplikan yang cukup cocok" in said
    assert "Rp9.000" not in said.partition("Cuplikan yang ditemukan")[0]
    assert agent.post("/inbox/knowledge/ask", {"question": "  "}).status_code == 422


def test_what_cannot_be_taken_is_named_and_the_rest_is_taken(people: People, ask: Callable[..., Any]) -> None:
    agent = people("agent")
    answer = upload(
        agent, ("kosong.txt", b" \n"), ("besar.pdf", b"x" * (10 * 1024**2 + 1)), ("ongkir.md", PAGE.encode())
    )
    assert answer.status_code == 422
    assert "kosong.txt</b>: Berkas ini kosong." in answer.text
    assert "besar.pdf</b>: Berkas lebih besar dari 10 MB." in answer.text
    assert ask("select name from app.knowledge_documents") == [("ongkir.md",)]
    assert upload(agent).status_code == 422
    many = [(f"{number}.txt", b"x") for number in range(6)]
    assert "Maksimal 5 berkas" in upload(agent, *many).text
    assert upload(agent, *[(f"{number}.bin", b"x" * 13 * 1024**2) for number in range(5)]).status_code == 413


def test_a_file_that_cannot_be_read_says_why_in_both_languages(
    people: People, module_settings: Settings, ask: Callable[..., Any]
) -> None:
    agent = people("agent")
    upload(agent, ("program.pdf", b"MZ\x00\x01" * 100))
    work(module_settings, ask)
    assert "Jenis berkas ini tidak dikenal." in agent.get("/inbox/knowledge").text
    agent.post("/inbox/language", {"language": "en"})
    try:
        assert "This type of file is not known." in agent.get("/inbox/knowledge").text
    finally:
        agent.post("/inbox/language", {"language": "id"})


def test_replacing_keeps_the_old_until_the_new_is_read(
    people: People, module_settings: Settings, ask: Callable[..., Any]
) -> None:
    agent = people("agent")
    upload(agent, ("ongkir.md", PAGE.encode()))
    work(module_settings, ask)
    (document_id,) = ask("select document_id from app.knowledge_documents")[0]
    path = f"/inbox/knowledge/{document_id}/replace"
    assert agent.post(path, {"file": (io.BytesIO(b""), "baru.md")}).status_code == 422
    assert agent.post(path, {}).status_code == 422
    assert agent.post(path, {"file": (io.BytesIO(b"# Ongkir\nGratis."), "baru.md")}).status_code == 303
    assert ask("select text from app.knowledge_passages where heading = 'Jam buka'") != []
    work(module_settings, ask)
    assert ask("select heading, text from app.knowledge_passages") == [("Ongkir", "Gratis.")]
    assert agent.post("/inbox/knowledge/999999/replace", {"file": (io.BytesIO(b"x"), "x")}).status_code == 404


def test_deleting_takes_the_passages_along(people: People, module_settings: Settings, ask: Callable[..., Any]) -> None:
    agent = people("agent")
    upload(agent, ("ongkir.md", PAGE.encode()))
    work(module_settings, ask)
    (document_id,) = ask("select document_id from app.knowledge_documents")[0]
    assert agent.post(f"/inbox/knowledge/{document_id}/delete").status_code == 303
    assert ask("select count(*) from app.knowledge_passages") == [(0,)]
    assert agent.post(f"/inbox/knowledge/{document_id}/delete").status_code == 404
    assert agent.get(f"/inbox/knowledge/{document_id}").status_code == 404


def test_products_are_shown_and_cannot_be_deleted_or_replaced(people: People, ask: Callable[..., Any]) -> None:
    agent = people("agent")
    (document_id,) = ask(
        "insert into app.knowledge_documents (store_id, origin, name, media_type, state, details) values "
        "('default', 'products', 'WooCommerce', 'application/json', 'read', %s) returning document_id",
        '{"passages": 3, "products": 2, "language": "id"}',
    )[0]
    page = agent.get("/inbox/knowledge").text
    assert "Produk toko" in page
    assert "2 produk" in page
    assert f"/knowledge/{document_id}/delete" not in page
    assert agent.post(f"/inbox/knowledge/{document_id}/delete").status_code == 404


def test_a_viewer_looks_and_asks_but_changes_nothing(people: People, ask: Callable[..., Any]) -> None:
    upload(people("agent"), ("ongkir.md", PAGE.encode()))
    (document_id,) = ask("select document_id from app.knowledge_documents")[0]
    viewer = people("viewer")
    page = viewer.get("/inbox/knowledge").text
    assert "ongkir.md" in page
    assert 'type="file"' not in page
    assert viewer.post("/inbox/knowledge/ask", {"question": "ongkir"}).status_code == 200
    assert upload(viewer, ("x.md", b"x")).status_code == 403
    assert viewer.post(f"/inbox/knowledge/{document_id}/delete").status_code == 403
    assert viewer.post(f"/inbox/knowledge/{document_id}/replace").status_code == 403


def test_nobody_uploads_without_signing_in_or_from_elsewhere(app: Flask, people: People) -> None:
    assert app.test_client().get("/inbox/knowledge").status_code == 303
    assert app.test_client().post("/inbox/knowledge").status_code == 401
    agent = people("agent")
    forged = agent.client.post("/inbox/knowledge", data={"files": (io.BytesIO(b"x"), "x.md")})
    assert forged.status_code == 400


def test_names_and_texts_of_files_stay_text(people: People, module_settings: Settings, ask: Callable[..., Any]) -> None:
    agent = people("agent")
    upload(agent, ("<img src=x onerror=y>.md", b"# <script>alert(1)</script>\n<b>harga</b> & ongkir"))
    work(module_settings, ask)
    (document_id,) = ask("select document_id from app.knowledge_documents")[0]
    for page in ("/inbox/knowledge", f"/inbox/knowledge/{document_id}"):
        text = agent.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
