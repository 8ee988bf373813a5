from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support import empty_marts
from tests.support.database import Step


@pytest.fixture(scope="module")
def database_steps() -> Sequence[Step]:
    return (empty_marts.build,)
