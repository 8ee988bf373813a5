"""`python -m pipeline.kpis [--as-of ISO]`: validate landed data, then build the KPIs, and the figures of reviews,
surveys and topics, which have DAGs of their own.

After a critical failure the KPIs are not rebuilt, and marked `fail`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

import structlog

from expectations.validation import validate
from expectations.verdict import Verdict
from pipeline.transform import PARTS, build, build_part
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, get_settings

log = structlog.get_logger()


def build_kpis(as_of: datetime | None = None, settings: Settings | None = None) -> Verdict:
    """Validate and, unless that fails, build as of a time-zone-aware time (default now). Raises
    `pipeline.transform.BuildFailed`, and what `validate` raises."""
    settings = settings or get_settings()
    verdict = validate(settings)
    if verdict.is_fail:
        log.error("kpis_kept", suites=[suite for suite, outcome in verdict.outcomes.items() if outcome == "fail"])
    else:
        build(as_of=as_of, settings=settings)
        log.info("kpis_built", verdict=verdict.verdict)
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m pipeline.kpis", description=__doc__)
    parser.add_argument("--as-of", type=_time, help=_("compute KPIs as of this time, such as 2026-01-31T12:00:00Z"))
    arguments = parser.parse_args()
    logs.configure()
    verdict = build_kpis(arguments.as_of)
    if not verdict.is_fail:
        for part in PARTS:
            build_part(part)
    else:
        print(
            _("The validation failed. KPIs keep their previous values. Run python -m expectations for details."),
            file=sys.stderr,
        )
    return int(verdict.is_fail)


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs an offset, such as Z or +07:00")
    return time


if __name__ == "__main__":
    sys.exit(main())
