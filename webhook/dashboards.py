"""The built-in dashboards: pages for people, on this machine or signed in to the inbox."""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
import re
from datetime import date, timedelta
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any, cast, get_args

import psycopg2
import structlog
import vl_convert
from flask import Blueprint, Flask, Response, abort, current_app, g, make_response, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import NotFound

from dashboards import charts, definition, filters, formats, report, words
from dashboards.definition import Language
from dashboards.reader import DatabaseAway, NotBuilt, Reader
from warehouse import connection
from webhook.errors import RETRY_AFTER_SECONDS
from webhook.inbox import access
from webhook.services import services

blueprint = Blueprint("dashboards", __name__, static_folder="static", static_url_path="/dashboards/static")

FIRST = "overview"
QUICK_DAYS = (7, 30, 90)
LANGUAGES: tuple[Language, ...] = get_args(Language)
LANGUAGE_NAMES = {"en": "English", "id": "Indonesia"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# What a proxy adds: behind one, every request would seem to come from this machine.
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
KEPT = ("from", "to", "store", "channel", "lang")
FILES = Path(__file__).parent / "static"
YEAR = int(timedelta(365).total_seconds())

_log = structlog.get_logger()
_EXTENSION = "kabar-dashboards"


@blueprint.get("/dashboards", defaults={"name": FIRST})
@blueprint.get("/dashboards/<name>")
def show(name: str) -> Response:
    """A dashboard for the filters in the address."""
    try:
        dashboard = definition.load(name)
    except KeyError:
        abort(404)
    with _reader().session() as session:
        extents = session.extents()
        chosen = filters.parse(request.args, extents, services().settings.default_store)
        shown = report.build(session, dashboard, chosen, extents[chosen.store], g.language)
    return _page("dashboards/dashboard.html", report=shown, extents=extents, **_surroundings(shown))


@blueprint.get("/dashboards/static/vega.js")
def vega() -> Response:
    """Vega, Vega-Lite and Vega-Embed as vl-convert carries them; nothing comes from another host."""
    script, packed = _vega_bundle()
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = make_response(packed if takes_gzip else script)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


@blueprint.before_request
def _only_this_machine() -> Response | None:
    """From elsewhere for those who have signed in to the inbox. A name other than this machine's would be somebody
    else's page that had its name pointed here."""
    g.language = _language()
    host = re.sub(r":\d+$", "", request.host)
    if (
        _is_loopback(request.remote_addr)
        and host in OWN_NAMES
        and not any(name in request.headers for name in FORWARDED)
    ):
        return None
    try:
        return None if access.is_signed_in() else _message(403, "not_loopback")
    except psycopg2.OperationalError as error:
        raise DatabaseAway(str(error.pgcode)) from None


@blueprint.after_request
def _guard(response: Response) -> Response:
    """Static files carry their version in the address and may be kept; pages may not."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    is_file = request.endpoint in ("dashboards.vega", "dashboards.static") and response.status_code == 200
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable" if is_file else "no-store"
    return response


@blueprint.errorhandler(filters.InvalidFilter)
def _invalid(error: filters.InvalidFilter) -> Response:
    title = next(filter_.title for filter_ in definition.load(FIRST).filters if filter_.name == error.name)
    sentence = words.REASONS[g.language][error.reason].format(filter=title.to(g.language))
    return _message(400, "invalid", sentence)


@blueprint.errorhandler(NotBuilt)
def _not_built(_: NotBuilt) -> Response:
    return _message(200, "not_built")


@blueprint.errorhandler(DatabaseAway)
def _away(error: DatabaseAway) -> Response:
    _log.warning("dashboards_away", reason=str(error))
    response = _message(503, "away")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


@blueprint.errorhandler(NotFound)
def _not_found(_: NotFound) -> Response:
    return _message(404, "not_found")


@blueprint.record
def _open_reader(state: BlueprintSetupState) -> None:
    with cast(Flask, state.app).app_context():
        state.app.extensions[_EXTENSION] = Reader(connection.url("reader", services().settings))


def _reader() -> Reader:
    """That of the app that serves this request."""
    return cast(Reader, current_app.extensions[_EXTENSION])


def _message(status: int, key: str, sentence: str | None = None) -> Response:
    """A page that says why there is no dashboard."""
    sentence = sentence or words.say(g.language, key)
    return _page("dashboards/message.html", status, title=words.say(g.language, f"{key}_title"), sentence=sentence)


def _page(template: str, status: int = 200, **values: object) -> Response:
    html = render_template(
        template,
        t=partial(words.say, g.language),
        language=g.language,
        language_names=LANGUAGE_NAMES,
        address=_address,
        asset=_asset,
        formats=formats,
        charts=charts,
        channel_name=words.channel_name,
        **values,
    )
    response = make_response(html, status)
    response.headers["Content-Language"] = g.language
    response.headers["Vary"] = "Accept-Language"
    return response


def _surroundings(shown: report.Report) -> dict[str, Any]:
    """What stands around the figures of a page."""
    language, chosen, extent = shown.language, shown.filters, shown.extent
    before = formats.day_range(chosen.before.first, chosen.before.last, language)
    numbers, dates = charts.locales(language)
    return {
        "filter_titles": {filter_.name: filter_.title.to(language) for filter_ in shown.dashboard.filters},
        "dashboards": [(other, _address(name=other.name)) for other in definition.load_all()],
        "quick": [(days, _last_days(extent.last_day, days)) for days in QUICK_DAYS],
        "moment": formats.moment(extent.data_as_of.astimezone(extent.timezone), language),
        "period": formats.day_range(chosen.first, chosen.last, language),
        "compared": words.say(language, "compared", range=before)
        if shown.is_comparable
        else words.say(language, "nothing_before"),
        "vega_options": {
            "light": charts.theme(dark=False),
            "dark": charts.theme(dark=True),
            "formatLocale": numbers,
            "timeFormatLocale": dates,
        },
    }


def _last_days(last: date, days: int) -> str:
    return _address(**{"from": last - timedelta(days - 1), "to": last})


def _is_loopback(text: str | None) -> bool:
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _language() -> Language:
    asked = request.args.get("lang") or request.accept_languages.best_match(LANGUAGES)
    return "id" if asked == "id" else "en"


def _address(**changes: object) -> str:
    """The address of this page with other filters or in another language."""
    kept = {name: value for name in KEPT if (value := request.args.get(name))}
    values: dict[str, Any] = {**(request.view_args or {}), **kept, **changes}
    return url_for("dashboards.show", **values)


@cache
def _asset_version(name: str) -> str:
    """Of Vega the package's version stands for the content, which takes a second to make."""
    if name == "vega.js":
        return f"{metadata.version('vl-convert-python')}-{charts.VEGA_LITE}"
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:12]


def _asset(name: str) -> str:
    """The address of a static file, with its version."""
    endpoint = "dashboards.vega" if name == "vega.js" else "dashboards.static"
    values: dict[str, Any] = {} if name == "vega.js" else {"filename": name}
    return url_for(endpoint, v=_asset_version(name), **values)


@cache
def _vega_bundle() -> tuple[bytes, bytes]:
    """The script, plain and compressed. Making it takes a second or two, once a process."""
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", charts.VEGA_LITE).encode()
    return script, gzip.compress(script, 6)
