"""Every view of the surveys: importing a module adds its routes to the blueprint."""

from __future__ import annotations

from werkzeug.exceptions import HTTPException

from webhook.accounts import access
from webhook.inbox import errors
from webhook.surveys import blueprint, pages

access.guard(blueprint)
blueprint.before_request(pages.choose_language)
errors.register(blueprint)
blueprint.register_error_handler(HTTPException, pages.show_error)

__all__ = ["blueprint"]
