"""The built-in dashboards: their pages, the rows behind a figure, exports, and the KPI definitions."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "dashboards",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/dashboards/static",
)
