"""Word lists of the bot's steps (`vocabulary.yml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "vocabulary.yml"


@cache
def words(name: str) -> frozenset[str]:
    return frozenset(yaml.safe_load(_FILE.read_text())[name].split())
