"""Error responses as JSON, without anything the sender wrote and without stack traces."""

from __future__ import annotations

import traceback
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify
from werkzeug.exceptions import HTTPException

from warehouse.settings import SettingsMissing
from webhook.landing.group_commit import Refused, Unavailable

_log = structlog.get_logger()

RETRY_AFTER_SECONDS = 5


class Problem(Exception):
    """A request that cannot be served: its HTTP status, a reason for the response and the log, and a sentence for
    people, without the sender's data."""

    def __init__(self, status: int, reason: str, sentence: str, **details: Any) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.sentence = sentence
        self.details = details


def register(app: Flask) -> None:
    """Let `app` answer errors in this form. `webhook.addresses` answers the others, browsers with pages."""
    app.register_error_handler(Problem, _answer_problem)
    app.register_error_handler(Unavailable, _answer_unavailable)
    app.register_error_handler(Refused, _answer_refused)
    app.register_error_handler(HTTPException, answer_http)


def answer_not_configured(error: SettingsMissing) -> Response:
    """503 as plain text. The message names the missing variable, for whoever runs the deployment."""
    g.outcome = "not_configured"
    return Response(f"{error}.\n", 503, mimetype="text/plain")


def _answer_problem(problem: Problem) -> Response:
    return _answer(problem.status, problem.reason, problem.sentence, problem.details)


def _answer_unavailable(_: Unavailable) -> Response:
    return _answer(503, "database_away", "Nothing was stored; send it again.", {})


def _answer_refused(_: Refused) -> Response:
    return _answer(422, "refused", "The database refuses what this delivery holds.", {})


def answer_http(error: HTTPException) -> Response:
    """An error of HTTP as JSON."""
    status = error.code or 500
    response = _answer(status, error.name.lower().replace(" ", "_"), error.name, {})
    if status == 405:
        response.headers["Allow"] = dict(error.get_headers()).get("Allow", "")
    return response


def answer_bug(error: Exception) -> Response:
    """500 as JSON. Logs where the error happened, but not its message, which can contain values of a row."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    _log.error("fault", kind=type(error).__name__, places=places)
    return _answer(500, "internal_error", "The fault is ours; it was logged.", {})


def _answer(status: int, reason: str, sentence: str, details: dict[str, Any]) -> Response:
    g.outcome = reason
    response = jsonify(error=reason, message=sentence, **details)
    response.status_code = status
    if status in (429, 503):
        response.headers["Retry-After"] = str(details.get("retry_after", RETRY_AFTER_SECONDS))
    return response
