"""A stage for replies on their way to Twilio: the webhook, the database and Twilio's stand-in."""

from __future__ import annotations

import uuid

import pytest

from benchmarks.bot_stage import Stage, running_stage
from bot import services
from tests.support.database import drop_database, make_database


@pytest.fixture(scope="module")
def stage(server_settings, tmp_path_factory):
    database = make_database(server_settings)
    with running_stage(database, tmp_path_factory.mktemp("sending")) as made:
        made.services = services.make(made.settings)
        yield made
        made.services.connections.close()
    drop_database(server_settings, database)


@pytest.fixture
def customer(stage: Stage) -> str:
    """Somebody who has just written, and whom only this test answers."""
    number = f"62814{uuid.uuid4().int % 10**8:08d}"
    stage.say(number, "halo")
    stage.query("delete from queue.procrastinate_jobs")
    return number
