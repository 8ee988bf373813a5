"""Error responses of the inbox: a page for people, a sentence for scripts."""

from __future__ import annotations

import psycopg2
import structlog
from flask import Blueprint, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from warehouse.i18n import N_, languages, translate
from warehouse.settings import SettingsMissing
from webhook.errors import RETRY_AFTER_SECONDS, answer_not_configured
from webhook.i18n import gettext as _
from webhook.inbox import pages

_log = structlog.get_logger()

_SENTENCES = {
    400: (N_("That didn't work"), N_("The page sent invalid data. Reload it and try again.")),
    401: (N_("Sign in again"), N_("Your session has expired. Sign in again.")),
    403: (N_("You don't have access"), N_("Your role doesn't allow this. Ask an admin for access.")),
    404: (N_("Page not found"), N_("This page doesn't exist or has been removed.")),
    409: (N_("Changed by someone else"), N_("This was changed in the meantime. Reload the page.")),
    413: (N_("Too large"), N_("The upload is too large.")),
    415: (N_("File type not supported"), N_("This file type isn't supported.")),
    429: (N_("Too many requests"), N_("Too many requests. Wait a moment and try again.")),
    500: (N_("Something went wrong"), N_("An error on our side. It has been logged.")),
}
_AWAY = N_("The database is not responding. Try again in a minute.")


class Refusal(Exception):
    """A refused request: its HTTP status, a reason for the log, and an English sentence (marked with `N_`) with values
    for its placeholders."""

    def __init__(self, status: int, reason: str, sentence: str, **values: object) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.sentence = sentence
        self.values = values


def _refused(refusal: Refusal) -> Response:
    g.outcome = refusal.reason
    return answer(refusal.status, _("That didn't work"), _(refusal.sentence, **refusal.values))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return make_response(error.response)
    g.outcome = error.name.lower().replace(" ", "_")
    return explain(status)


def _away(error: psycopg2.OperationalError) -> Response:
    _log.warning("database_away", kind=type(error).__name__, code=error.pgcode)
    g.outcome = "database_away"
    response = make_response("".join(f"{translate(each, _AWAY)}\n" for each in languages()), 503)
    response.mimetype = "text/plain"
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def register(blueprint: Blueprint) -> None:
    """Let the blueprint answer errors with these pages."""
    blueprint.register_error_handler(Refusal, _refused)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(psycopg2.OperationalError, _away)
    blueprint.register_error_handler(SettingsMissing, answer_not_configured)


def explain(status: int, about: int | None = None) -> Response:
    """A page with what is said about a status, or about another one (`about`)."""
    title, sentence = _SENTENCES.get(about or status) or _SENTENCES[400 if status < 500 else 500]
    return answer(status, _(title), _(sentence))


def answer(status: int, title: str, sentence: str) -> Response:
    """A page with the reason, or only the sentence for the page's script."""
    if request.headers.get("X-Fragment"):
        response = make_response(sentence, status)
        response.mimetype = "text/plain"
        return response
    return pages.page("inbox/message.html", status, title=title, sentence=sentence)
