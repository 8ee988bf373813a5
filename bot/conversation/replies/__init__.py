"""What the bot says, one file for each language. Shops' own rules and templates are in `app` instead."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from warehouse.i18n import SOURCE, Language

FOLDER = Path(__file__).parent


def say(key: str, language: Language, /, **values: object) -> str:
    """The text with this key, such as `order.paid`, with its placeholders filled. Raises KeyError for an unknown key
    and for a missing value."""
    return texts(language)[key].format(**values)


@cache
def texts(language: Language) -> Mapping[str, str]:
    """All texts by their keys, `<topic>.<name>`; in English if the language has no file."""
    file = FOLDER / f"{language if language in languages() else SOURCE}.yml"
    topics = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {f"{topic}.{name}": text for topic, named in topics.items() for name, text in named.items()}


@cache
def languages() -> tuple[Language, ...]:
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yml")))
