"""The dialogues in `conversations/`, with alternative wordings."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent / "conversations"
TOPICS = ("delivery", "order", "payment", "refund", "other")
LANGUAGES = ("id", "en")

Author = Literal["customer", "bot", "agent"]
_AUTHORS: dict[str, Author] = {"c": "customer", "b": "bot", "b?": "bot", "a": "agent"}
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Say:
    """A message: its author, its alternative wordings, and for the bot whether it had an answer."""

    author: Author
    wordings: tuple[str, ...]
    answered: bool = True


@dataclass(frozen=True)
class Mark:
    """Another event: a handover, a close, or a request to rate that is answered between two marks."""

    kind: Literal["handover", "close", "rate"]
    rating: tuple[int, int] = (1, 5)


@dataclass(frozen=True)
class Dialogue:
    name: str
    topic: str
    language: str
    steps: tuple[Say | Mark, ...]


@cache
def dialogues() -> tuple[Dialogue, ...]:
    """All dialogues in the order of their files. Raises ValueError for a line of unknown form."""
    return tuple(
        Dialogue(name, topic, language, _steps(text))
        for topic in TOPICS
        for language in LANGUAGES
        for name, text in _yaml(f"{topic}.{language}").items()
    )


@cache
def slots() -> dict[str, list[str]]:
    """The possible values of a `[slot]`. Other slots are generated (`demo.customers`)."""
    found: dict[str, list[str]] = _yaml("slots")
    return found


@cache
def names() -> dict[str, list[str]]:
    """First names by language, last names, and the names of the weekdays from Monday."""
    found: dict[str, list[str]] = _yaml("names")
    return found


@cache
def small_talk(language: str) -> dict[str, list[str]]:
    """Small talk: `greeting`, `closing`, `nudge` (when nobody answers), `thanks`, and the shop's `farewell`."""
    found: dict[str, list[str]] = _yaml("small_talk")[language]
    return found


@cache
def everyday_spelling(language: str) -> dict[str, list[str]]:
    """Informal spellings by word."""
    found: dict[str, list[str]] = _yaml("spelling")[language]
    return found


def choose(wording: str, rng: random.Random) -> str:
    """A wording with one alternative chosen for each `{one|other}`."""
    return _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), wording)


def _yaml(name: str) -> dict[str, Any]:
    # The base loader returns strings only; others would convert `no`, `yes` and `2`.
    content: dict[str, Any] = yaml.load((FOLDER / f"{name}.yml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506
    return content


def _steps(text: str) -> tuple[Say | Mark, ...]:
    steps: list[Say | Mark] = []
    for line in text.splitlines():
        opening, _, rest = line.strip().partition(" ")
        last = steps[-1] if steps else None
        if opening == "|" and isinstance(last, Say):
            steps[-1] = Say(last.author, (*last.wordings, rest.strip()), last.answered)
        elif opening.endswith(":") and opening[:-1] in _AUTHORS:
            steps.append(Say(_AUTHORS[opening[:-1]], (rest.strip(),), answered=opening != "b?:"))
        else:
            steps.append(_mark(opening, rest))
    return tuple(steps)


def _mark(opening: str, rest: str) -> Mark:
    if opening in ("!handover", "!close"):
        return Mark("handover" if opening == "!handover" else "close")
    if opening == "!rate":
        least, most = rest.split("-")
        return Mark("rate", (int(least), int(most)))
    raise ValueError(f"a line of a dialogue begins with {opening!r}")
