"""The pages of a survey: a start page, one page for each dimension, and one about the respondent.

Every page is a form of its own and is saved when it is sent, so nothing is lost when the browser is closed. They work
without JavaScript. A visitor of the general link gets a cookie, which is the link of a respondent of their own.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import Response, abort, current_app, g, make_response, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException

from dashboards.words import RESPONDENTS
from warehouse.i18n import languages, supported
from webhook.accounts import attempts
from webhook.accounts.access import public
from webhook.i18n import language
from webhook.inbox import pages
from webhook.surveys import blueprint, labels, responses
from webhook.surveys.links import Link, read, token
from webhook.surveys.responses import ABOUT, SCALES, Part, Survey

_COOKIE = "kabar_survey"
_KEPT = timedelta(days=365)
_VALUES = ("1", "2", "3", "4", "5")
_STATUS = {"draft": 404, "closed": 410}


def choose_language() -> None:
    """The language from the address or a form, else the visitor's earlier choice, else the browser's."""
    if (asked := request.values.get("lang", "")) in languages():
        session["language"] = asked
    g.language = supported(session.get("language") or request.accept_languages.best_match(languages()))


@blueprint.get("/<token>")
@public
def show_start(token: str) -> Response:
    link, survey = _opened(token)
    if link.respondent is None:
        return _page("start", survey, token)
    response = responses.response(link)
    if response.is_finished:
        return _page("done", survey, token)
    begun = bool(response.answers)
    return _page("start", survey, token, resumed_at=_first_unanswered(survey, response) if begun else None)


@blueprint.post("/<token>")
@public
def start(token: str) -> Response:
    """Give a visitor of the general link a cookie, so that one browser answers once."""
    link, _ = _opened(token)
    answer = _to_page(token, 1)
    if link.respondent is None:
        attempt = attempts.begin(attempts.SURVEY)
        if attempt.seconds_to_wait:
            attempts.forget(attempt)
            abort(429)
        _remember(answer, token, Link(link.store_id, link.wave, str(uuid.uuid4())))
    return answer


@blueprint.get("/<token>/<int:number>")
@public
def show_page(token: str, number: int) -> Response:
    link, survey = _opened(token)
    if link.respondent is None or responses.response(link).is_finished:
        return _to_start(token)
    return _questions(token, link, survey, number)


@blueprint.post("/<token>/<int:number>")
@public
def save_page(token: str, number: int) -> Response:
    """Save the page's answers. If some are missing, the page is shown again once, and may be left as it is."""
    link, survey = _opened(token)
    if link.respondent is None:
        return _to_start(token)
    part = _part(survey, number)
    is_in_other_language = bool(request.form.get("lang"))
    if part is None:
        about = {name: _told(name) for name in ABOUT}
        responses.save(link, language(), about=about, is_finished=not is_in_other_language)
        return _to_page(token, number) if is_in_other_language else _to_start(token)
    is_saved = responses.save(link, language(), answers=[_answer(item) for item in part.items])
    if not is_saved:
        return _to_start(token)
    if is_in_other_language:
        return _to_page(token, number)
    if not request.form.get("anyway") and responses.response(link).unanswered(part):
        return _questions(token, link, survey, number, status=422, is_refused=True)
    return _to_page(token, number + 1)


def _opened(signed: str) -> tuple[Link, Survey]:
    """The link, with the respondent of the visitor's cookie, and its open survey. Raises NotFound, and Gone after the
    wave was closed."""
    link = read(signed) or abort(404)
    if link.respondent is None:
        known = read(request.cookies.get(_COOKIE, ""))
        link = known if known and known[:2] == link[:2] else link
    survey = responses.survey(link) or abort(404)
    if status := _STATUS.get(survey.state):
        abort(status)
    return link, survey


def _questions(token: str, link: Link, survey: Survey, number: int, **values: Any) -> Response:
    part, response = _part(survey, number), responses.response(link)
    if part is None:
        return _page("about", survey, token, number=number, response=response, options=RESPONDENTS)
    missing = {item.item for item in response.unanswered(part)} if values.get("is_refused") else set()
    return _page("questions", survey, token, number=number, part=part, response=response, missing=missing, **values)


def _part(survey: Survey, number: int) -> Part | None:
    """The part on a page, None on the last page. Raises NotFound beyond it."""
    if not 1 <= number <= survey.pages:
        abort(404)
    return survey.parts[number - 1] if number < survey.pages else None


def _first_unanswered(survey: Survey, response: responses.Response) -> int:
    open_pages = (number for number, part in enumerate(survey.parts, start=1) if response.unanswered(part))
    return next(open_pages, survey.pages)


def _answer(item: responses.Item) -> dict[str, Any]:
    """The form's answers about an item; None for what is missing or no number from 1 to 5."""
    given = {scale: request.form.get(f"{scale}-{item.number}", "") for scale in SCALES}
    return {"item": item.item} | {scale: int(value) if value in _VALUES else None for scale, value in given.items()}


def _told(name: str) -> str | None:
    value = request.form.get(name, "")
    return value if value in RESPONDENTS[name] else None


def _remember(answer: Response, signed: str, link: Link) -> None:
    answer.set_cookie(
        _COOKIE,
        token(link),
        max_age=_KEPT,
        path=url_for("surveys.show_start", token=signed),
        secure=current_app.session_interface.get_cookie_secure(current_app),
        httponly=True,
        samesite="Lax",
    )


def _to_page(token: str, number: int) -> Response:
    return _redirect(url_for("surveys.show_page", token=token, number=number))


def _to_start(token: str) -> Response:
    return _redirect(url_for("surveys.show_start", token=token))


def _redirect(address: str) -> Response:
    answer = redirect(address, 303)
    assert isinstance(answer, Response)
    return answer


def _page(template: str, survey: Survey, token: str, status: int = 200, **values: Any) -> Response:
    return pages.page(
        f"surveys/{template}.html", status, survey=survey, token=token, dimension_name=labels.dimension, **values
    )


def show_error(error: HTTPException) -> Response:
    """A page in the visitor's language: what happened to the survey."""
    status = error.code or 500
    if status < 400 and error.response is not None:
        return make_response(error.response)
    g.outcome = error.name.lower().replace(" ", "_")
    return pages.page("surveys/message.html", status, **labels.problem(status))
