"""What the inbox says when something cannot be shown: a page for a reader, a sentence for a script."""

from __future__ import annotations

import psycopg2
import structlog
from flask import Blueprint, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from warehouse.settings import SettingsMissing
from webhook.errors import RETRY_AFTER_SECONDS
from webhook.inbox import pages, words

_log = structlog.get_logger()

_KNOWN = (400, 401, 403, 404, 409, 413, 415, 429)


class Refusal(Exception):
    """Something that cannot be done: its HTTP status and the key of the words that say why."""

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.values = values


def _refused(refusal: Refusal) -> Response:
    g.outcome = refusal.key
    return answer(refusal.status, "refused_title", pages.say(refusal.key, **refusal.values))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return make_response(error.response)
    g.outcome = error.name.lower().replace(" ", "_")
    key = f"error_{status}" if status in _KNOWN else "error_400" if status < 500 else "error_500"
    return answer(status, f"{key}_title", pages.say(key))


def _away(error: psycopg2.OperationalError) -> Response:
    _log.warning("database_away", kind=type(error).__name__, code=error.pgcode)
    g.outcome = "database_away"
    response = make_response(words.say("en", "away") + "\n" + words.say("id", "away") + "\n", 503)
    response.mimetype = "text/plain"
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _not_configured(error: SettingsMissing) -> Response:
    """The message names the variable; whoever runs the deployment is who reads this."""
    g.outcome = "not_configured"
    response = make_response(f"{error}.\n", 503)
    response.mimetype = "text/plain"
    return response


def register(blueprint: Blueprint) -> None:
    """Have the blueprint answer its errors with these pages."""
    blueprint.register_error_handler(Refusal, _refused)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(psycopg2.OperationalError, _away)
    blueprint.register_error_handler(SettingsMissing, _not_configured)


def answer(status: int, title: str, sentence: str) -> Response:
    """A page that says why, or the sentence alone for the page's script."""
    if request.headers.get("X-Fragment"):
        response = make_response(sentence, status)
        response.mimetype = "text/plain"
        return response
    return pages.page("inbox/message.html", status, title=pages.say(title), sentence=sentence)
