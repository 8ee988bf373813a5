"""Words that the bot's steps know by heart, by what they are for (`vocabulary.yml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "vocabulary.yml"


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list, in lower case."""
    return frozenset(yaml.safe_load(_FILE.read_text())[name].split())
