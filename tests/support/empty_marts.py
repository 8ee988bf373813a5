"""Empty marts, for tests that build: theirs is then a scheduled build, which takes a third of the first."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline import transform
from warehouse.settings import Settings

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def build(settings: Settings) -> None:
    transform.build(LONG_AGO, settings)
