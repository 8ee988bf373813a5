"""Renders pages of the dashboards; their addresses, static files and database reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any, cast, get_args

from flask import Flask, Response, current_app, g, request, url_for
from flask.sansio.blueprints import BlueprintSetupState

from dashboards import charts, definition, words
from dashboards.definition import Dashboard
from dashboards.reader import Reader
from warehouse import connection, formats, zones
from warehouse.i18n import translate
from webhook.dashboards import blueprint
from webhook.dashboards.definition_labels import LABELS
from webhook.inbox import pages as inbox_pages
from webhook.services import services

FILTERS: tuple[str, ...] = (*get_args(definition.Filter.model_fields["name"].annotation), "compare")
FILES = Path(__file__).parent / "static"
_EXTENSION = "kabar-dashboards"


@blueprint.record
def _open_reader(state: BlueprintSetupState) -> None:
    with cast(Flask, state.app).app_context():
        state.app.extensions[_EXTENSION] = Reader(connection.url("reader", services().settings))


def reader() -> Reader:
    """The reader of the current app."""
    return cast(Reader, current_app.extensions[_EXTENSION])


def page(template: str, status: int = 200, **values: object) -> Response:
    """A page or a fragment in the reader's language. Templates get `_("…")`, `label(key)`, `definition_label(key)`,
    `language`, `user` (None where nobody is known), `address(…)`, `all_dashboards()` and `asset(name)`."""
    return inbox_pages.page(
        template,
        status,
        label=partial(words.label, g.language),
        definition_label=lambda key: translate(g.language, LABELS[key]),
        user=g.user,
        all_dashboards=definition.load_all,
        address=address,
        asset=asset,
        shared_asset=inbox_pages.asset,
        formats=formats,
        zones=zones,
        charts=charts,
        channel_name=words.channel_name,
        **values,
    )


def message(status: int, title: str, sentence: str) -> Response:
    """A page with a message instead of a dashboard."""
    return page("dashboards/message.html", status, title=title, sentence=sentence)


def packed_response(body: bytes, packed: bytes, content_type: str) -> Response:
    """A response compressed with gzip (`packed`) where the browser takes that."""
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = Response(packed if takes_gzip else body, content_type=content_type)
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


def address(endpoint: str | None = None, **changes: object) -> str:
    """The address of a page (None: the current one) with the current filters and language, except for `changes`."""
    kept: Mapping[str, Any] = {name: value for name in (*FILTERS, "lang") if (value := request.args.get(name))}
    own: Mapping[str, Any] = {} if endpoint else request.view_args or {}
    return url_for(endpoint or request.endpoint or "dashboards.show", **{**own, **kept, **changes})


def asset(name: str) -> str:
    """The address of a static file, with its version."""
    endpoint = "dashboards.vega" if name == "vega.js" else "dashboards.static"
    values: dict[str, Any] = {} if name == "vega.js" else {"filename": name}
    return url_for(endpoint, v=_asset_version(name), **values)


@cache
def _asset_version(name: str) -> str:
    """For Vega the package's version, as building the content takes a second."""
    if name == "vega.js":
        return f"{metadata.version('vl-convert-python')}-{charts.VEGA_LITE}"
    return inbox_pages.version(FILES / name)


def known(name: str) -> Dashboard | None:
    """The dashboard of this name, or None."""
    return definition.load(name) if name in definition.names() else None
