"""The labelled messages, written for this project, in groups of one theme or way of saying it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "data" / "messages.jsonl"


class Message(NamedTuple):
    """A labelled message. `language` is `id` or `en`; `act` is one of `acts.ACTS`; a group has one act."""

    text: str
    language: str
    act: str
    group: str


def messages() -> list[Message]:
    """All labelled messages."""
    with open(FILE, encoding="utf-8") as lines:
        return [Message(**json.loads(line)) for line in lines]
