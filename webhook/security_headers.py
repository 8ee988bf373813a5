"""What every page of ours tells the browser about what it may do."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
YEAR = int(timedelta(365).total_seconds())


def protect(response: Response, is_file: bool) -> Response:
    """Adds the headers. Static files (`is_file`) carry their version in the address and may be cached; pages may not.
    A view with a policy of its own keeps it: those are sandboxes, which may not ask for an opener policy."""
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    is_kept = is_file and response.status_code == 200
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable" if is_kept else "no-store"
    return response
