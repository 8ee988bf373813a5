"""Access to the dashboards, and their error pages."""

from __future__ import annotations

import psycopg2
import structlog
from flask import Response, current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from dashboards import definition, filters, words
from dashboards.reader import DatabaseAway, NotBuilt
from warehouse.i18n import N_, Text, languages, supported
from warehouse.settings import SettingsMissing
from webhook import security_headers
from webhook.accounts import access
from webhook.dashboards import blueprint
from webhook.dashboards.rendering import message
from webhook.errors import RETRY_AFTER_SECONDS, answer_not_configured
from webhook.i18n import gettext as _

_log = structlog.get_logger()

security_headers.register(blueprint)
blueprint.register_error_handler(SettingsMissing, answer_not_configured)


@blueprint.before_request
def _admit() -> BaseResponse | None:
    """Check sign-in, and the role that a view requires. Requests from this machine are no exception: other people's
    browsers may run on it."""
    chosen = request.args.get("lang")
    g.language = supported(chosen or request.accept_languages.best_match(languages()))
    g.user = None
    if request.endpoint in security_headers.FILES:
        return None
    if not current_app.secret_key:
        raise SettingsMissing("KABAR_SESSION_KEY is not set")
    try:
        if not current_user.is_authenticated:
            return access.to_sign_in()
    except psycopg2.OperationalError as error:
        raise DatabaseAway(str(error.pgcode)) from None
    g.user = current_user
    g.language = chosen if chosen in languages() else supported(current_user.language)
    view = current_app.view_functions[request.endpoint or ""]
    if not current_user.may(getattr(view, "required_role", "viewer")):
        return message(403, _("For admins only"), _("Your role doesn't allow this. Ask an admin for access."))
    return None


@blueprint.errorhandler(filters.InvalidFilter)
def _invalid(error: filters.InvalidFilter) -> Response:
    titles: dict[str, Text] = {"compare": N_("Compare with")}
    titles.update((each.name, each.title) for dashboard in definition.load_all() for each in dashboard.filters)
    title = titles[error.name]
    sentence = _(words.FILTER_FAULTS[error.reason], filter=title.to(g.language))
    return message(400, _("This page can't be shown"), sentence)


@blueprint.errorhandler(NotBuilt)
def _not_built(error: NotBuilt) -> Response:
    return message(
        200,
        _("No figures yet"),
        _(
            "Figures appear once messages have arrived and the KPIs have been built. Ask your administrator to run "
            "make kpis."
        ),
    )


@blueprint.errorhandler(DatabaseAway)
def _away(error: DatabaseAway) -> Response:
    _log.warning("dashboards_away", reason=str(error))
    response = message(503, _("Figures are not available"), _("The database is not responding. Try again in a minute."))
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


@blueprint.errorhandler(NotFound)
def _not_found(error: NotFound) -> Response:
    return message(404, _("Dashboard not found"), _("This dashboard doesn't exist."))
