"""What the inbox's pages say, in both languages. A module of pages adds its own words with `add`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LANGUAGE_NAMES: dict[Language, str] = {"en": "English", "id": "Indonesia"}

_WORDS: dict[Language, dict[str, str]] = {language: {} for language in LANGUAGES}


def add(words: Mapping[Language, Mapping[str, str]]) -> None:
    """Add a module's words. Raises ValueError for a key that has words already or lacks those of a language."""
    keys = {key for texts in words.values() for key in texts}
    for language in LANGUAGES:
        texts = words.get(language, {})
        if missing := keys - texts.keys():
            raise ValueError(f"no words in {language!r} for {sorted(missing)}")
        if twice := keys & _WORDS[language].keys():
            raise ValueError(f"words given twice: {sorted(twice)}")
    for language in LANGUAGES:
        _WORDS[language].update(words[language])


def say(language: Language, key: str, /, **values: object) -> str:
    """The words of a key, with its values put in. Raises KeyError for an unknown key."""
    text = _WORDS[language][key]
    return text.format(**values) if values else text


def knows(key: str) -> bool:
    """Whether there are words for a key that comes from data, such as a reason."""
    return key in _WORDS["en"]
