"""Scripted conversations, in `scripts/`, with a shop that has pages and no products."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import scripts
from tests.support.chat import Chat
from tests.support.scripts import Customer

SCRIPTS = Path(__file__).parent / "scripts"
OPEN = ["rules", "facts", "knowledge", "people"]


def names(file: str) -> list[str]:
    return [script["name"] for script in scripts.read(SCRIPTS / f"{file}.yml")]


@pytest.fixture(scope="module")
def played(full_shop: Chat) -> dict[str, Customer]:
    """All scripts, played to their end: first those of the day, then those of the night."""
    by_day = [Customer(script) for name in OPEN for script in scripts.read(SCRIPTS / f"{name}.yml")]
    scripts.play(full_shop, by_day)
    full_shop.open(always=False)
    by_night = [Customer(script) for script in scripts.read(SCRIPTS / "closed.yml")]
    scripts.play(full_shop, by_night)
    return {customer.script["name"]: customer for customer in by_day + by_night}


@pytest.mark.parametrize("name", [name for file in [*OPEN, "closed"] for name in names(file)])
def test_script(full_shop: Chat, played: dict[str, Customer], name: str) -> None:
    scripts.check(full_shop, played[name])


def test_there_are_as_many_scripts_as_were_asked_for_in_both_languages(played: dict[str, Customer]) -> None:
    spoken = [{outcome.language for outcome in customer.outcomes} for customer in played.values()]
    assert len(played) >= 60
    assert sum("id" in languages for languages in spoken) >= 25
    assert sum("en" in languages for languages in spoken) >= 25
