"""Sets failing rows aside, so that they do not hold up the KPIs of all others."""

from __future__ import annotations

from dataclasses import replace

import structlog
from psycopg2.extras import Json

from expectations import great
from expectations.verdict import Reason
from warehouse.connection import transaction, url
from warehouse.settings import Settings

# More is no stray row but a fault of ours or of a sender, which somebody should look into before KPIs are built.
MOST_ROWS = 200

log = structlog.get_logger()


def failing_rows(reasons: list[Reason], queries: dict[str, str], settings: Settings) -> list[Reason]:
    """Move the rows for which critical expectations do not hold to `raw.rejected`, up to `MOST_ROWS` of a suite.
    `queries` holds complete SQL by suite. Returns the reasons, those of rows that were set aside as warnings."""
    failed = {reason.suite for reason in reasons if reason.severity == "critical"}
    if not failed:
        return reasons
    of_failed = {suite: queries[suite] for suite in sorted(failed)}
    found = great.failing_rows(url("validator", settings), of_failed, MOST_ROWS + 1)
    few = {suite: rows for suite, rows in found.items() if 0 < len(rows) <= MOST_ROWS}
    with transaction("validator", settings) as connection, connection.cursor() as cursor:
        for suite, rows in few.items():
            cursor.execute("select raw.set_aside(%s, %s)", (suite, Json(rows)))
            log.warning("rows_set_aside", suite=suite, rows=len(rows))
    return [replace(reason, severity="warning") if reason.suite in few else reason for reason in reasons]
