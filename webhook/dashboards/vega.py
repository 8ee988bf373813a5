"""The script that draws charts: Vega, Vega-Lite and Vega-Embed as vl-convert carries them. Nothing is fetched."""

from __future__ import annotations

import gzip
from functools import cache

import vl_convert
from flask import Response, make_response, request

from dashboards import charts
from webhook.dashboards import blueprint


@blueprint.get("/dashboards/static/vega.js")
def vega() -> Response:
    script, packed = _bundle()
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = make_response(packed if takes_gzip else script)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def _bundle() -> tuple[bytes, bytes]:
    """The script, plain and compressed. Making it takes a second or two, once a process."""
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", charts.VEGA_LITE).encode()
    return script, gzip.compress(script, 6)
