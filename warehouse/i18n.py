"""Translations: texts are English in the source, other languages in `translations/<language>/LC_MESSAGES/`.

`make translations` collects what is marked: `translate(language, "…")`, `translate_plural(language, "…", "…", count)`,
`N_("…")` for a text that is translated where it is shown, `_("…")` in views and templates, and the texts of data files
(`translations/extraction.py` lists them).
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel import Locale, default_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function, str_schema

SOURCE = "en"
FOLDER = Path(__file__).parents[1] / "translations"

Language = str
"""A language tag, such as `en` or `id`."""


@cache
def languages() -> tuple[Language, ...]:
    """The source's language and one for each catalogue."""
    return (SOURCE, *sorted(path.parents[1].name for path in FOLDER.glob("*/LC_MESSAGES/messages.po")))


@cache
def language_names() -> dict[Language, str]:
    """Each language's name in that language."""
    return {language: Locale.parse(language).get_display_name() or language for language in languages()}


def supported(language: str | None) -> Language:
    """The language if it has a catalogue, else the source's."""
    return language if language in languages() else SOURCE


def translate(language: Language, message: str, /, **values: object) -> str:
    """An English text in the language, its `{places}` filled. What has no translation stays English."""
    text = str(catalogue(language).gettext(message))
    return text.format(**values) if values else text


def translate_plural(language: Language, singular: str, plural: str, count: int, /, **values: object) -> str:
    """The form for `count` with its `{placeholders}` filled, including `{count}`."""
    return catalogue(language).ngettext(singular, plural, count).format(**{"count": count, **values})


def terminal_language() -> Language:
    """That of LC_ALL, LC_MESSAGES or LANG."""
    return supported((default_locale("LC_MESSAGES") or SOURCE).partition("_")[0])


def terminal_gettext(message: str, /, **values: object) -> str:
    """An English text of a command in the terminal's language, with its `{places}` filled."""
    return translate(terminal_language(), message, **values)


class Text(str):
    """An English text that is translated where it is shown. Data models take it as a string that is not empty."""

    __slots__ = ()

    def to(self, language: Language) -> str:
        return translate(language, self)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> CoreSchema:
        return no_info_after_validator_function(cls, str_schema(min_length=1))


def N_(message: str) -> Text:  # noqa: N802 - gettext's name for it
    """Marks a text for translation."""
    return Text(message)


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """The catalogue, compiled in memory, so that `.po` files need no build step. Raises FileNotFoundError."""
    if language == SOURCE:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def path(language: Language) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"
