"""What changes reaches the open pages: over real streams of the server that deployments run."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.chats import Chats
from tests.support.people import SESSION, Person, inbox_settings
from tests.support.web import serving
from warehouse.settings import Settings
from webhook.app import create_app


@pytest.fixture(scope="module")
def live(serve: Any, module_settings: Settings) -> Any:
    """`python -m webhook` with one process of four threads, so two streams."""
    with serve({**SESSION, "KABAR_WEB_WORKERS": "1", "KABAR_WEB_THREADS": "4"}) as running:
        yield running


class Stream:
    """An EventSource of our own."""

    def __init__(self, port: int, person: Person, last: str | None = None, path: str = "/inbox/live") -> None:
        cookie = person.client.get_cookie("kabar_session")
        assert cookie
        headers = {"Cookie": f"kabar_session={cookie.value}", "Accept": "text/event-stream"}
        self._opened = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._opened.request("GET", path, headers=headers | ({"Last-Event-ID": last} if last else {}))
        self.answer = self._opened.getresponse()
        self.last = last

    def next(self) -> tuple[str, str] | None:
        """The next event and its data; None at the end."""
        event = ""
        while line := self.answer.readline().decode():
            name, _, value = line.strip().partition(": ")
            if name == "event":
                event = value
            elif name == "id":
                self.last = value
            elif name == "data":
                return event, value
        return None

    def close(self) -> None:
        self.answer.close()
        self._opened.close()


def until(stream: Stream, conversation: int) -> list[str]:
    """The conversations that are told until this one is."""
    told: list[str] = []
    while str(conversation) not in told:
        event = stream.next()
        assert event, told
        if event[0] == "change":
            told.append(event[1])
    return told


def test_a_change_is_told_once_and_missed_ones_on_coming_back(
    live: Any, chats: Chats, people: Callable[..., Person]
) -> None:
    chats.says("Halo", "first")
    stream = Stream(live.port, people())
    assert stream.answer.getheader("Content-Type", "").startswith("text/event-stream")
    stream.next()  # whatever it begins with, it listens now
    time.sleep(2.5)  # longer than what is told twice, so that this process knows all that the page may have missed
    chats.says("Halo lagi", "first")
    until(stream, chats.conversation("first"))
    last = stream.last
    stream.close()
    chats.says("Ada orang?", "second")
    chats.says("Halo?", "third")
    time.sleep(0.3)
    again = Stream(live.port, people(), last)
    told = until(again, chats.conversation("third"))
    assert str(chats.conversation("second")) in told
    again.close()


def test_a_page_gets_what_changed_before_it_listened(live: Any, chats: Chats, people: Callable[..., Person]) -> None:
    chats.says("Halo", "early")
    person = people()
    stream = Stream(live.port, person)
    stream.next()
    time.sleep(2.5)  # as above
    stream.close()
    found = re.search(r'data-changes="([^"]+)"', person.get("/inbox").text)
    assert found
    chats.says("Masih ada?", "early")
    time.sleep(0.3)
    late = Stream(live.port, person, path=found[1])
    until(late, chats.conversation("early"))
    late.close()


def test_streams_leave_half_of_the_threads_to_everybody_else(live: Any, people: Callable[..., Person]) -> None:
    person = people()
    held = [Stream(live.port, person) for _ in range(2)]
    for stream in held:
        assert stream.next()
    started = time.monotonic()
    short = Stream(live.port, person)
    assert b"retry: 3000" in short.answer.read()
    assert time.monotonic() - started < 10
    assert live.get("/health/live")[0] == 200
    for stream in held:
        stream.close()


def test_a_stream_says_no_more_than_ids(live: Any, chats: Chats, people: Callable[..., Person]) -> None:
    text = "Nomor saya 081234567890, nama saya Ratna"
    chats.says(text, "secret")
    answer = Stream(live.port, people(), str(int((time.time() - 3600) * 1000)))
    event = answer.next()
    assert event
    assert event[1] == "*" or event[1].isdigit()
    answer.close()
    assert "Ratna" not in live.log.read_text()


def test_without_a_session_there_is_no_stream(app: Flask) -> None:
    answer = app.test_client().get("/inbox/live", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 401


def test_a_stopped_app_ends_its_streams_and_listens_no_more(
    module_settings: Settings, people: Callable[..., Person]
) -> None:
    with serving(create_app(inbox_settings(module_settings))) as address:
        stream = Stream(int(address.rpartition(":")[2]), people())
        stream.next()
        assert "inbox-changes" in {thread.name for thread in threading.enumerate()}
    while stream.next():  # ends with the stream
        pass
    assert "inbox-changes" not in {thread.name for thread in threading.enumerate()}
    stream.close()
