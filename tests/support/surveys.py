"""Surveys made in the settings, as an admin does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from tests.support.people import Person

SETTINGS = "/inbox/settings/surveys"


def create(admin: Person, wave: str, **titles: str) -> None:
    """A draft with the statements that a new survey has."""
    admin.get(f"{SETTINGS}/new")
    form = {"wave": wave, "title_id": "Survei pelanggan", "title_en": "Customer survey", **titles}
    assert admin.post(f"{SETTINGS}/new", form).status_code == 303


def create_for(test: pytest.FixtureRequest, admin: Person) -> str:
    """A draft of the test's own; returns its name, which is that of the test."""
    name = re.sub(r"\W+", "-", test.node.name)[:70]
    create(admin, name)
    return name


def open_wave(admin: Person, wave: str) -> str:
    """Open a draft; returns the path of the link for everybody."""
    assert admin.post(f"{SETTINGS}/open/{wave}").status_code == 303
    return link_of(admin, wave)


def link_of(admin: Person, wave: str) -> str:
    found = re.search(r'id="link" value="https?://[^"]+?(/surveys/[^"]+)"', admin.get(f"{SETTINGS}/wave/{wave}").text)
    assert found
    return unescape(found[1])


def numbers(page: str) -> list[str]:
    """The numbers of the items on a page."""
    return re.findall(r'name="performance-(\d+)" value="1"', page)


def answers(page: str, performance: int = 4, expectation: int = 5) -> Mapping[str, Any]:
    """A form that answers all items of a page alike."""
    return {
        f"{scale}-{number}": value
        for number in numbers(page)
        for scale, value in (("performance", performance), ("expectation", expectation))
    }
