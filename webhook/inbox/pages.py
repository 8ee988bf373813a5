"""How the inbox draws a page: in the reader's language, with the shop's times and versioned files."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Response, make_response, render_template, request, session, url_for
from flask_login import current_user

from webhook.inbox import times, words
from webhook.inbox.conversations import explanations, naming
from webhook.inbox.words import Language

FILES = Path(__file__).parent / "static"


# What templates of conversations call by name.
_NAMES = {"naming": naming, "times": times, "explanations": explanations}


def language() -> Language:
    """That of the user's setting; before signing in the chosen one, else what the browser asks for."""
    if current_user.is_authenticated:
        return "en" if current_user.language == "en" else "id"
    asked = session.get("language") or request.accept_languages.best_match(words.LANGUAGES)
    return "en" if asked == "en" else "id"


def say(key: str, /, **values: object) -> str:
    """The words of a key in the reader's language."""
    return words.say(language(), key, **values)


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of one. Templates get `t(key, …)`, `language`, `user`, `csrf_token()` and `asset(name)`."""
    reader = language()
    html = render_template(
        template,
        t=partial(words.say, reader),
        language=reader,
        language_names=words.LANGUAGE_NAMES,
        user=current_user,
        asset=asset,
        **_NAMES,
        **values,
    )
    response = make_response(html, status)
    response.headers["Content-Language"] = reader
    return response


def asset(name: str) -> str:
    """The address of a static file of the inbox, with its version."""
    return url_for("inbox.static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:12]
