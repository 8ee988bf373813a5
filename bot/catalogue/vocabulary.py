"""Word lists about products (`vocabulary.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent / "vocabulary.yml"


@cache
def words(name: str) -> frozenset[str]:
    return frozenset(str(_lists()[name]).split())


@cache
def same_in_both() -> Mapping[str, str]:
    """Words for colours and the like in Indonesian, by those in English."""
    return dict(pair.split("=") for pair in str(_lists()["translations"]).split())


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return lists
