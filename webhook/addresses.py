"""Where addresses lead that no page has: the start page, addresses that people type, and unknown ones.

Browsers get pages, also about errors. Senders and programs, which do not ask for HTML, get JSON (`webhook.errors`).
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, redirect, request, send_from_directory, url_for
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Response as BaseResponse

from webhook import errors, security_headers
from webhook.accounts import access
from webhook.accounts.access import public
from webhook.inbox import errors as page_errors
from webhook.inbox import pages

blueprint = Blueprint("addresses", __name__)
access.guard(blueprint)
page_errors.register(blueprint)

_TYPED = {
    "/login": "accounts.show_sign_in",
    "/sign-in": "accounts.show_sign_in",
    "/dashboard": "dashboards.show",
    "/knowledge": "inbox.show_knowledge",
    "/settings": "inbox.show_settings",
}
"""Addresses that people try, and the views that they look for."""


def register(app: Flask) -> None:
    """Serve these addresses, and answer browsers with pages where nothing else answers."""
    app.register_blueprint(blueprint)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(MethodNotAllowed, _not_allowed)
    app.register_error_handler(Exception, _fault)


@blueprint.get("/")
@public
def start() -> BaseResponse:
    return redirect(access.start_page(), 303)


@blueprint.get("/favicon.ico")
@public
def favicon() -> Response:
    """The icon, for browsers that ask without having seen a page."""
    return send_from_directory(pages.FILES, "icon.svg")


def _lead_to_page() -> BaseResponse:
    return redirect(url_for(_TYPED[request.path]), 303)


for _path in _TYPED:
    blueprint.add_url_rule(_path, view_func=public(_lead_to_page))


def _not_found(error: NotFound) -> BaseResponse:
    """An address with a slash too many leads to its page."""
    path = "/" + request.path.strip("/")  # two slashes at the beginning would name another host
    if _is_from_browser() and path != request.path and current_app.url_map.bind("").test(path, "GET"):
        query = request.query_string.decode("ascii", "replace")
        return redirect(path + (f"?{query}" if query else ""), 303)
    return _as_page(errors.answer_http(error), 404)


def _not_allowed(error: MethodNotAllowed) -> BaseResponse:
    """Where forms are sent there is no page to look at."""
    return _as_page(errors.answer_http(error), 404 if request.method == "GET" else 400)


def _fault(error: Exception) -> BaseResponse:
    return _as_page(errors.answer_bug(error), 500)


def _as_page(response: Response, about: int) -> Response:
    """The response as a page with what is said about such a status, if a browser asked and a page can be drawn."""
    if not _is_from_browser() or not current_app.secret_key:
        return response
    try:
        page = page_errors.explain(response.status_code, about)
    except Exception:  # such as without a database; what went wrong is logged already
        return response
    if allowed := response.headers.get("Allow"):
        page.headers["Allow"] = allowed
    return security_headers.add(page)


def _is_from_browser() -> bool:
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]
