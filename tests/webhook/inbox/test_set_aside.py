"""An admin sees what a check set aside, and decides about it in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from expectations import validate
from tests.support import landed
from tests.support.people import Person
from warehouse.connection import connect, transaction
from warehouse.settings import Settings

PAGE = "/inbox/settings/set_aside"


@pytest.fixture
def admin(people: Callable[..., Person], module_settings: Settings) -> Person:
    """In English, with an odd event that a validation has set aside."""
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("delete from raw.rejected")
        cursor.execute("delete from raw.chatbot_events")
        landed.event(connection, event_id="odd-1", occurred_at="1999-01-01T00:00:00Z")
        landed.event(connection, event_id="odd-2", store_id=" ")
    validate(module_settings)
    found = people("admin")
    found.post("/inbox/language", {"language": "en", "next": "/inbox"})
    found.get(PAGE)
    return found


def states(settings: Settings) -> list[tuple[Any, ...]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select id, dismissal, resolved_at is not null from raw.rejected"
            " union all select event_id, 'landed', null from raw.chatbot_events order by 1, 2"
        )
        return cursor.fetchall()


def test_the_page_says_what_was_set_aside_and_why_without_what_was_written(admin: Person) -> None:
    text = admin.get(PAGE).text
    for said in ("odd-1", "Nothing is dated before WhatsApp existed", "odd-2", "Every row belongs to a shop"):
        assert said in text
    assert landed.SECRET_TEXT not in text
    admin.post("/inbox/language", {"language": "id", "next": "/inbox"})
    assert "Every row belongs to a shop" not in admin.get(PAGE).text


def test_leaving_a_row_out_needs_a_reason_and_the_row_stays_listed_with_it(
    admin: Person, module_settings: Settings
) -> None:
    row = {"source": "chatbot_events", "id": "odd-1"}
    assert admin.post(f"{PAGE}/dismiss", {**row, "reason": " "}).status_code == 422
    assert admin.post(f"{PAGE}/dismiss", {**row, "reason": "A test of the sender"}).status_code == 303
    assert states(module_settings) == [("odd-1", "A test of the sender", False), ("odd-2", None, False)]
    assert "Because: A test of the sender" in admin.get(PAGE).text


def test_a_row_that_is_used_anyway_is_back_and_not_checked_again(admin: Person, module_settings: Settings) -> None:
    assert admin.post(f"{PAGE}/put-back", {"source": "chatbot_events", "id": "odd-1"}).status_code == 303
    validate(module_settings)
    assert states(module_settings) == [("odd-1", "landed", None), ("odd-1", None, True), ("odd-2", None, False)]
    assert "odd-1" not in admin.get(PAGE).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"source": "chatbot_events", "id": "nobody"}, 404),
        ({"source": "twilio_messages", "id": "odd-1"}, 404),
        ({"source": "", "id": ""}, 404),
        ({"source": "chatbot_events", "id": "odd\0-1"}, 400),
    ],
)
def test_a_decision_about_nothing_changes_nothing(
    admin: Person, module_settings: Settings, form: dict[str, str], status: int
) -> None:
    for action in ("put-back", "dismiss"):
        assert admin.post(f"{PAGE}/{action}", {**form, "reason": "so"}).status_code == status
    assert states(module_settings) == [("odd-1", None, False), ("odd-2", None, False)]


def test_only_admins_decide(admin: Person, people: Callable[..., Person]) -> None:
    agent = people("agent")
    assert agent.get(PAGE).status_code == 403
    agent.get("/inbox")
    assert agent.post(f"{PAGE}/put-back", {"source": "chatbot_events", "id": "odd-1"}).status_code == 403
