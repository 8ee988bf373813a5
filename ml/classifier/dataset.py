"""The labelled messages, written for this project, in groups of paraphrases.

`data/messages.jsonl` is for training and validation, `data/frozen_test.jsonl` for comparing models. A group is in one
of the two only, so that no paraphrase of a test message is used for training.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

ISSUES = ("delivery", "order", "payment", "refund", "other")
URGENCIES = ("low", "normal", "high")

_FOLDER = Path(__file__).parent / "data"


class Message(NamedTuple):
    """A labelled message. `language` is `id` or `en`; messages of a `group` are paraphrases."""

    text: str
    language: str
    issue: str
    urgency: str
    group: str


def training_messages() -> list[Message]:
    """All messages for training and validation."""
    return _read(_FOLDER / "messages.jsonl")


def frozen_test() -> list[Message]:
    """The test messages, never used for training."""
    return _read(_FOLDER / "frozen_test.jsonl")


def split(messages: list[Message], validation_share: float, seed: int) -> tuple[list[Message], list[Message]]:
    """Training and validation messages, split by groups and stratified by issue."""
    groups = {message.group: message.issue for message in messages}
    validation_groups: set[str] = set()
    for issue in ISSUES:
        of_issue = [group for group in groups if groups[group] == issue]
        of_issue.sort(key=lambda group: hashlib.sha256(f"{seed} {group}".encode()).hexdigest())
        validation_groups.update(of_issue[: round(len(of_issue) * validation_share)])
    training = [message for message in messages if message.group not in validation_groups]
    return training, [message for message in messages if message.group in validation_groups]


def _read(path: Path) -> list[Message]:
    with open(path) as lines:
        return [Message(**json.loads(line)) for line in lines]
