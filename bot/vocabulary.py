"""Word lists of the bot (`vocabulary.yml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "vocabulary.yml"


@cache
def words(name: str) -> frozenset[str]:
    return frozenset(_lists()[name].split())


@cache
def all_words() -> frozenset[str]:
    """Those of all lists."""
    return frozenset(word for content in _lists().values() for word in re.split(r"[\s=]+", content))


@cache
def translations() -> Mapping[str, str]:
    """Words for colours and the like in Indonesian, by those in English."""
    return dict(pair.split("=") for pair in _lists()["translations"].split())


@cache
def _lists() -> dict[str, str]:
    lists: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return lists
