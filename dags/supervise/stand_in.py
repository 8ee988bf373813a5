"""The demo's stand-in for Twilio beside `make up`: after `make demo`, and only without an account of one's own."""

from __future__ import annotations

import json
import socket

from warehouse.settings import Settings
from warehouse.state import make_state_dir

COMMAND = "exec python -m demo.phone"


def variables(settings: Settings) -> dict[str, str]:
    """The environment that points all processes to the stand-in; empty if it is not to run. The account is what the
    demo left in the state folder."""
    left = make_state_dir(settings) / "demo" / "twilio.json"
    if settings.twilio_account_sid or settings.twilio_auth_token or settings.twilio_api_base or not left.exists():
        return {}
    public_url = settings.public_url or f"http://127.0.0.1:{settings.web_port}"
    address = f"http://127.0.0.1:{_free_port()}"
    return {**json.loads(left.read_text()), "TWILIO_API_BASE": address, "KABAR_PUBLIC_URL": public_url}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
