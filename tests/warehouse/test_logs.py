"""Logs: a JSON line an event, whether we say it or a library does."""

from __future__ import annotations

import json
import subprocess
import sys

from warehouse.settings import ROOT

PROGRAM = """
import logging, structlog
from warehouse import logs
logs.configure()
structlog.get_logger().warning("ours", message_sid="SM1")
logging.getLogger("library").warning("theirs %s", 7)
logging.getLogger("twilio.http_client").info("GET with a number in the query")
"""

REPLACED = """
import io, logging, sys, structlog
from warehouse import logs
sys.stderr = io.StringIO()
logs.configure()
ours = structlog.get_logger()
ours.warning("before")
sys.stderr.close()
sys.stderr = sys.__stderr__
ours.warning("ours")
logging.getLogger("library").warning("theirs")
"""


def test_every_line_is_json_with_level_and_time() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    ours, theirs = (json.loads(line) for line in said.stderr.splitlines())
    assert (ours["event"], ours["level"], ours["message_sid"]) == ("ours", "warning", "SM1")
    assert (theirs["event"], theirs["level"]) == ("theirs 7", "warning")
    assert ours["timestamp"].endswith("Z")


def test_a_replaced_stderr_is_followed() -> None:
    said = subprocess.run([sys.executable, "-c", REPLACED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [json.loads(line)["event"] for line in said.stderr.splitlines()] == ["ours", "theirs"]
