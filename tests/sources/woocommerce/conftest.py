"""What tests of the sync share."""

from __future__ import annotations

import pytest

from sources import retries


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed requests are tried again after a hundredth of a second."""
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.01)
