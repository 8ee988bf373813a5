"""A language that has nothing but a catalogue."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from warehouse import i18n

_PLACE = re.compile(r"(\{\w*\})")
_CACHED = (i18n.languages, i18n.language_names, i18n.catalogue)


@contextmanager
def added(language: str, texts: Catalog, folder: Path) -> Iterator[None]:
    """Beside the project's catalogues, in an empty folder, one more."""
    shutil.copytree(i18n.FOLDER / "id", folder / "id")
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(i18n, "FOLDER", folder)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for cached in _CACHED:
        cached.cache_clear()


def translated(language: str, template: Catalog, by: Callable[[str], str]) -> Catalog:
    """A catalogue of all texts of a template."""
    found = Catalog(locale=language)
    for message in template:
        if isinstance(message.id, tuple):
            found.add(message.id, tuple(map(by, message.id[: found.num_plurals])))
        elif message.id:
            found.add(message.id, by(message.id))
    return found


def shouted(text: str) -> str:
    """A text in capitals, apart from its `{places}`."""
    return "".join(part if _PLACE.fullmatch(part) else part.upper() for part in _PLACE.split(text))
