"""Security headers of all pages: what a browser may load, and what it may keep."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
YEAR = int(timedelta(365).total_seconds())


FILES = ("inbox.static", "dashboards.static", "dashboards.vega")
"""Endpoints of static files. Their addresses carry a version, so they may be cached; pages may not."""


def register(blueprint: Blueprint) -> None:
    """Add the headers to all responses of a blueprint."""
    blueprint.after_request(add)


def add(response: Response) -> Response:
    """Add the headers to a response. A view with a policy of its own keeps it: those are sandboxes, for which an opener
    policy is not allowed."""
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    is_kept = request.endpoint in FILES and response.status_code == 200
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable" if is_kept else "no-store"
    return response
