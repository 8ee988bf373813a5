"""The words that the checks of an insight look for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Kind = Literal[
    "numbers", "times", "amounts", "up", "down", "good", "bad", "causes", "promises", "comparisons", "compared"
]
_FILES = ("figure_words.yml", "claim_words.yml")


@cache
def pattern(kind: Kind) -> re.Pattern[str]:
    """For any of the words of a kind, in either language."""
    words = [each for name in _FILES for each in _read(name).get(kind, ())]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


@cache
def _read(name: str) -> dict[str, list[str]]:
    content: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / name).read_text())
    return content
