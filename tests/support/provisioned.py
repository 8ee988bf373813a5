"""A Metabase that Kabar has set up, and somebody who works in it by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import requests
from pydantic import SecretStr

from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from tests.support.metabase_views import SMALL, Row
from warehouse.settings import Settings

ADMIN, PASSWORD = "admin@shop.example", "correct horse battery 9"
RECIPIENTS = ["owner@shop.example", "lead@shop.example"]


def pointed(settings: Settings, metabase: MetabaseStandIn, **more: object) -> Settings:
    """The settings of a deployment whose Metabase this is."""
    return settings.model_copy(
        update={
            "metabase_url": metabase.url,
            "metabase_user": ADMIN,
            "metabase_password": SecretStr(PASSWORD),
            "metabase_recipients": ", ".join(RECIPIENTS),
            "state_dir": Path(os.environ["KABAR_STATE_DIR"]) / f"of-metabase-{metabase.url.rpartition(':')[2]}",
            **more,
        }
    )


class Provisioned:
    """A Metabase after the first run, and somebody who works in it by hand."""

    def __init__(self, metabase: MetabaseStandIn, settings: Settings) -> None:
        self.metabase, self.settings = metabase, settings
        self._session = self.sign_in(ADMIN, PASSWORD)

    def sign_in(self, user: str, password: str) -> str:
        body = {"username": user, "password": password}
        return str(requests.post(f"{self.metabase.url}/api/session", json=body, timeout=5).json()["id"])

    def by_hand(self, method: str, path: str, body: Row | None = None, session: str | None = None) -> Any:
        headers = {"X-Metabase-Session": session or self._session}
        answer = requests.request(method, f"{self.metabase.url}{path}", json=body, headers=headers, timeout=5)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def number(self, kind: str, name: str) -> int:
        return next(int(row["id"]) for row in self.metabase.state.all(kind) if row["name"] == name)

    def plan(self) -> list[str]:
        before = len(self.metabase.writes)
        said = provision(self.settings, is_plan=True, dashboards=SMALL).messages
        assert len(self.metabase.writes) == before, "a plan writes nothing"
        return said

    def again(self) -> list[str]:
        """What the next run changes; the one after it has nothing left to do."""
        said = provision(self.settings, dashboards=SMALL).messages
        before = len(self.metabase.writes)
        assert provision(self.settings, dashboards=SMALL).messages == []
        assert len(self.metabase.writes) == before
        return said

    def board(self) -> Row:
        board: Row = self.by_hand("GET", f"/api/dashboard/{self.number('dashboard', 'Overview')}")
        return board
