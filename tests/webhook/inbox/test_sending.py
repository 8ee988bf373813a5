"""What the inbox says while replies cannot be sent, and that it stops saying so by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person, inbox_settings
from warehouse.settings import Settings
from webhook.app import create_app

Ask = Callable[..., list[tuple[object, ...]]]
NOTICE = 'class="notice bad" role="alert"'


@pytest.fixture
def connected(module_settings: Settings) -> Settings:
    account = {"twilio_account_sid": "AC1", "twilio_auth_token": SecretStr("x")}
    return inbox_settings(module_settings).model_copy(update=account)


@pytest.fixture(autouse=True)
def worker(ask: Ask) -> Iterator[None]:
    """A worker that was alive a moment ago."""
    ask("insert into queue.procrastinate_workers (last_heartbeat) values (now())")
    yield
    ask("delete from queue.procrastinate_workers")


@pytest.fixture
def notices(people: Callable[..., Person]) -> Callable[..., str]:
    """`notices(settings, role)`: what somebody of the role sees above the inbox."""

    def seen(settings: Settings, role: str = "agent") -> str:
        person = people(role)
        reader = Person(create_app(settings), person.email)
        reader.sign_in(PASSWORD)
        reader.post("/inbox/language", {"language": "en", "next": "/inbox"})
        fragment = reader.get("/inbox/notices").text.strip()
        assert fragment in reader.get("/inbox").text
        return fragment

    return seen


@pytest.fixture
def thread(module_settings: Settings, ask: Ask) -> int:
    chats = Chats(module_settings)
    chats.says("Halo", "62811")
    return chats.conversation("62811")


def test_nothing_is_said_while_replies_can_be_sent(
    connected: Settings, notices: Callable[..., str], thread: int
) -> None:
    assert notices(connected) == ""


def test_a_silent_worker_is_told_to_agents_and_admins_with_its_time_until_it_is_back(
    connected: Settings, notices: Callable[..., str], ask: Ask
) -> None:
    ask("update queue.procrastinate_workers set last_heartbeat = now() - interval '12 minutes'")
    assert "the bot worker has not been running for 12 min. Ask an admin." in " ".join(notices(connected).split())
    assert "/inbox/settings/connections" in notices(connected, "admin")
    assert notices(connected, "viewer") == ""
    ask("update queue.procrastinate_workers set last_heartbeat = now()")
    assert notices(connected) == ""


def test_a_missing_account_is_told_once_somebody_writes_on_whatsapp(
    module_settings: Settings, notices: Callable[..., str], thread: int
) -> None:
    assert "WhatsApp is not connected" in notices(inbox_settings(module_settings))


def test_refused_credentials_are_told_until_a_reply_is_sent(
    connected: Settings, notices: Callable[..., str], ask: Ask, thread: int
) -> None:
    ask(
        "insert into app.replies (conversation_id, author, kind, body, state, error_code, sending_at)"
        " values (%s, 'bot', 'answer', 'x', 'dead', '20003', now() - interval '1 hour')",
        thread,
    )
    ask("update app.conversations set address = 'whatsapp:+62811' where conversation_id = %s", thread)
    assert "Twilio refuses the account or token" in notices(connected)
    ask(
        "insert into app.replies (conversation_id, author, kind, body, state, sent_at)"
        " values (%s, 'bot', 'answer', 'x', 'sent', now())",
        thread,
    )
    assert notices(connected) == ""
    ask("delete from app.replies")


def test_a_queued_reply_says_why_it_waits(
    module_settings: Settings, connected: Settings, people: Callable[..., Person], ask: Ask, thread: int
) -> None:
    ask("insert into app.replies (conversation_id, author, kind, body) values (%s, 'bot', 'answer', 'Baik')", thread)
    path = f"/inbox/conversations/{thread}/thread"

    def shown(settings: Settings) -> str:
        reader = Person(create_app(settings), people("agent").email)
        reader.sign_in(PASSWORD)
        return reader.get(path).text

    assert "WhatsApp is not connected." in shown(inbox_settings(module_settings))
    assert "not connected" not in shown(connected)
    ask("delete from queue.procrastinate_workers")
    assert "The bot worker is not running." in shown(connected)
    ask("delete from app.replies")
