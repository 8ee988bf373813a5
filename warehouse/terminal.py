"""Texts of commands, in the language of the terminal: that of LC_ALL, LC_MESSAGES or LANG."""

from __future__ import annotations

from babel import default_locale

from warehouse.i18n import SOURCE, Language, supported, translate


def gettext(message: str, /, **values: object) -> str:
    """An English text in the terminal's language, with its `{places}` filled."""
    return translate(language(), message, **values)


def language() -> Language:
    return supported((default_locale("LC_MESSAGES") or SOURCE).partition("_")[0])
