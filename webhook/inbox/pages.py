"""Renders pages of the inbox."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, make_response, render_template, url_for
from flask_login import current_user

from warehouse import formats
from warehouse.i18n import language_names
from webhook.i18n import language
from webhook.inbox import blueprint, labels
from webhook.inbox.conversations import explanations, naming

FILES = Path(__file__).parent / "static"


# What templates of conversations call by name.
_NAMES = {"naming": naming, "formats": formats, "explanations": explanations}


@blueprint.app_template_global("label")
def label(key: str, /, **values: object) -> str:
    """The label of a key in the reader's language."""
    return labels.label(language(), key, **values)


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment. Templates get `_("…")`, `label(key)`, `language`, `user`, `csrf_token()`, `asset(name)`."""
    usual = {"language": language(), "language_names": language_names(), "user": current_user, "asset": asset, **_NAMES}
    response = make_response(render_template(template, **{**usual, **values}), status)
    response.headers["Content-Language"] = language()
    return response


def asset(name: str) -> str:
    """The address of a static file of the inbox, with its version."""
    return url_for("inbox.static", filename=name, v=version(FILES / name))


@cache
def version(file: Path) -> str:
    """A hash of a static file's content, for its address."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
