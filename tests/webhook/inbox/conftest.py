"""An admin who reads English, and a survey that they made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.people import Person
from tests.support.surveys import create_for


@pytest.fixture
def admin(people: Callable[..., Person]) -> Person:
    found = people("admin")
    found.post("/inbox/language", {"language": "en", "next": "/inbox"})
    return found


@pytest.fixture
def wave(admin: Person, request: pytest.FixtureRequest) -> str:
    """The name of a draft of the test's own."""
    return create_for(request, admin)
