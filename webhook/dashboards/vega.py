"""The script that draws charts: Vega, Vega-Lite and Vega-Embed, bundled in vl-convert."""

from __future__ import annotations

import gzip
from functools import cache

import vl_convert
from flask import Response

from dashboards import charts
from webhook.dashboards import blueprint
from webhook.dashboards.rendering import packed_response


@blueprint.get("/dashboards/static/vega.js")
def vega() -> Response:
    return packed_response(*_bundle(), "text/javascript; charset=utf-8")


@cache
def _bundle() -> tuple[bytes, bytes]:
    """The script, plain and compressed. Building it takes a second or two, once per process."""
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", charts.VEGA_LITE).encode()
    return script, gzip.compress(script, 6)
