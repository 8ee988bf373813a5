"""Files of customers: shown or downloaded by those who signed in, and never run by a browser."""

from __future__ import annotations

from collections.abc import Callable

import psycopg2
import pytest
from flask import Flask

from tests.support.chats import Chats
from tests.support.people import Person

CONTENT = b"<script>alert(1)</script>"


def sends(chats: Chats, *files: tuple[str, str]) -> str:
    """A message with files of these types, each in a state; returns its id."""
    message = chats.says("", "lia", media=[kind for kind, _ in files])
    for place, (kind, state) in enumerate(files):
        content = psycopg2.Binary(CONTENT) if state == "kept" else None
        chats.ask(
            "insert into app.media (message_sid, position, media_type, state, content) values (%s, %s, %s, %s, %s) "
            "on conflict (message_sid, position) do update set state = excluded.state, content = excluded.content",
            message, place, kind, state, content,
        )  # fmt: skip
    return message


@pytest.mark.parametrize(
    ("kind", "served", "is_shown"),
    [
        ("image/jpeg", "image/jpeg", True),
        ("audio/ogg; codecs=opus", "audio/ogg", True),
        ("application/pdf", "application/octet-stream", False),
        ("text/html", "application/octet-stream", False),
        ("image/svg+xml", "application/octet-stream", False),
        ("image/jpeg\r\nX-Evil: 1", "application/octet-stream", False),
    ],
)
def test_only_pictures_and_sounds_are_shown_and_nothing_is_run(
    chats: Chats, people: Callable[..., Person], kind: str, served: str, is_shown: bool
) -> None:
    answer = people("viewer").get(f"/inbox/media/{sends(chats, (kind, 'kept'))}/0")
    assert answer.data == CONTENT
    assert answer.mimetype == served
    assert answer.headers["Content-Disposition"].startswith("inline" if is_shown else "attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "X-Evil" not in answer.headers


def test_a_sound_is_given_in_parts(chats: Chats, people: Callable[..., Person]) -> None:
    path = f"/inbox/media/{sends(chats, ('audio/ogg', 'kept'))}/0"
    answer = people("viewer").get(path, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, CONTENT[:4])
    assert answer.headers["Content-Range"] == f"bytes 0-3/{len(CONTENT)}"
    assert people("viewer").get(path, headers={"Range": "bytes=900-"}).status_code == 416


def test_a_thread_says_what_became_of_each_file(chats: Chats, people: Callable[..., Person]) -> None:
    message = sends(
        chats, ("image/png", "kept"), ("audio/ogg", "kept"), ("application/pdf", "kept"),
        ("video/mp4", "refused"), ("image/jpeg", "waiting"), ("image/webp", "gone"),
    )  # fmt: skip
    page = people("viewer").get(f"/inbox/conversations/{chats.conversation('lia')}/thread").text
    here = page[page.index(f'id="message-{message}"') :]
    assert f'<img src="/inbox/media/{message}/0"' in here
    assert f'<audio controls preload="none" src="/inbox/media/{message}/1"' in here
    assert f'<a href="/inbox/media/{message}/2" download>' in here
    for said in ("tidak disimpan", "sedang diambil", "sudah tidak tersedia"):
        assert said in here
    assert f"/inbox/media/{message}/3" not in here
    for place in (3, 4, 5, 6):
        assert people("viewer").get(f"/inbox/media/{message}/{place}").status_code == 404


def test_nobody_sees_a_file_without_signing_in(chats: Chats, app: Flask) -> None:
    path = f"/inbox/media/{sends(chats, ('image/png', 'kept'))}/0"
    assert app.test_client().get(path).status_code == 303
