"""Says where a KPI is found, run inside a copy of the project that has it.

`python -m tests.dashboards.added_kpi METRIC` builds two conversations of nine days ago and prints what each place says
of the KPI, as JSON.
"""

from __future__ import annotations

import html
import json
import re
import sys
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests
from flask.testing import FlaskClient
from pydantic import SecretStr

from dashboards.metabase.cards import own_cards
from dashboards.metabase.provisioning import provision
from demo.metabase import MetabaseStandIn
from pipeline import transform
from tests.dbt import landing
from tests.dbt.history import Event, History, Shop
from tests.support.dashboard_visitors import ADMIN, signed_in, web
from tests.support.provisioned import ADMIN as METABASE_ADMIN
from tests.support.provisioned import PASSWORD, pointed
from warehouse.settings import Settings, get_settings

ZONE = ZoneInfo("Asia/Jakarta")


def main(metric: str) -> dict[str, Any]:
    settings = get_settings()
    day = datetime.now(ZONE).date() - timedelta(days=9)
    _land(settings, datetime.combine(day, time(12), ZONE))
    transform.build(datetime.now(UTC), settings)
    client = signed_in(web(settings), ADMIN)
    period = f"from={day}&to={day}"
    values = f"select value::float, is_final from marts.kpi_daily where metric = '{metric}' and dimension = 'all'"
    return {
        "kpi_daily": [[row["value"], row["is_final"]] for row in landing.read(settings, values)],
        "card": _text(client, f"/dashboards/bot?{period}"),
        "rows": _text(client, f"/dashboards/bot/cards/{metric}/facts?{period}"),
        "plan": _plan(settings),
        "form": _aim(client, metric),
        "alerts": [row["metric"] for row in landing.read(settings, own_cards()["past_target"].sql)],
        "docs": _text(client, f"/dashboards/kpis/{metric}"),
    }


def _land(settings: Settings, noon: datetime) -> None:
    """Of two conversations that the bot answered an agent helped with one."""

    def message(customer: int, minute: int, author: str) -> Event:
        at = noon + timedelta(minutes=minute)
        return Event(f"{customer}-{minute}", "message", at, phone=f"+628120000000{customer}", author=author)

    said = [(1, 0, "customer"), (1, 1, "bot"), (2, 0, "customer"), (2, 1, "bot"), (2, 2, "agent")]
    histories = [History(Shop("default", ZONE.key), tuple(message(*each) for each in said))]
    landing.open_shops(settings, histories)
    landing.land(settings, histories)


def _text(client: FlaskClient, address: str) -> str:
    """What a page says, without its markup."""
    page = client.get(address).text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _plan(settings: Settings) -> list[str]:
    with MetabaseStandIn() as stand_in:
        user = {"user": {"email": METABASE_ADMIN, "password": PASSWORD}, "prefs": {"site_name": "Kabar"}}
        body = {"token": stand_in.state.setup_token, **user}
        assert requests.post(f"{stand_in.url}/api/setup", json=body, timeout=5).ok
        key = SecretStr(stand_in.give_key())
        return provision(pointed(settings, stand_in, metabase_api_key=key), is_plan=True).messages


def _aim(client: FlaskClient, metric: str) -> str:
    """The label of the KPI's field in the form for targets, in which 40 is given."""
    address = "/inbox/settings/targets"
    page = client.get(address).text
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("csrf_token", "seen")}
    form = {name: found[1] for name, found in hidden.items() if found}
    assert client.post(address, data={**form, metric: "40"}).status_code == 303
    found = re.search(rf'<label for="{metric}"[^>]*>([^<]+)', page)
    return html.unescape(found[1]).strip() if found else ""


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
