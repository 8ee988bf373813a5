"""The language of a request, and texts in it."""

from __future__ import annotations

from functools import partial

from flask import Flask, g, request, session
from flask_login import current_user
from werkzeug.local import LocalProxy

from warehouse.i18n import Language, languages, supported, translate, translate_plural


def register(app: Flask) -> None:
    """Give templates `_("…")` and `ngettext("…", "…", count)`."""
    app.jinja_env.globals.update(_=gettext, ngettext=ngettext)


def language() -> Language:
    """The language that the page set (`g.language`), else the user's, else the session's or the browser's."""
    if chosen := g.get("language"):
        return str(chosen)
    if current_user.is_authenticated:
        return supported(current_user.language)
    return supported(session.get("language") or request.accept_languages.best_match(languages()))


def gettext(message: str, /, **values: object) -> str:
    """An English text in the language of the request, with its `{places}` filled."""
    return translate(language(), message, **values)


def lazy_gettext(message: str, /, **values: object) -> LocalProxy[str]:
    """`gettext` for texts that are named outside a request: translated when they are shown. Imported as `_l`."""
    return LocalProxy(partial(gettext, message, **values))


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """The form for `count` in the language of the request; `{count}` is one of its places."""
    return translate_plural(language(), singular, plural, count, **values)
