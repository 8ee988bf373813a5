"""Every view of the dashboards: importing a module adds its routes to the blueprint."""

from __future__ import annotations

from webhook.dashboards import access, blueprint, definitions, drill_down, exports, pages, rendering, vega

__all__ = ["blueprint"]
