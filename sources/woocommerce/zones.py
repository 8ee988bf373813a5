"""Time zones as shops give them, and the names by which Postgres may know them.

Debian's Postgres has no old names, such as Europe/Kiev or Asia/Calcutta. Names of one zone have the same rules.
"""

from __future__ import annotations

import importlib.resources
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH, available_timezones

from warehouse.zones import fixed_zone

# Zones for offsets that are not whole hours, without summer time since 1990. Other offsets have no name.
_ODD_OFFSETS = {4.5: "Asia/Kabul", 5.5: "Asia/Kolkata", 5.75: "Asia/Kathmandu", 6.5: "Asia/Yangon",
                9.5: "Australia/Darwin", -9.5: "Pacific/Marquesas"}  # fmt: skip


def zone_of(index: dict[str, Any]) -> str | None:
    """The IANA zone of WordPress's index; for an offset, a zone that always has it. An offset beside an unknown name
    is only today's: then the zone is unknown, unless the offset is one of a named zone."""
    name = index.get("timezone_string")
    if isinstance(name, str) and name in available_timezones():
        return name
    if index.get("gmt_offset") is None:
        return None
    try:
        offset = float(index["gmt_offset"] or 0)
    except (TypeError, ValueError):
        return None
    if not -12 <= offset <= 14:
        return None
    if offset == int(offset):
        return f"Etc/GMT{-int(offset):+d}" if offset else "UTC"
    if offset in _ODD_OFFSETS:
        return _ODD_OFFSETS[offset]
    return None if name else fixed_zone(round(offset * 60))


def given_zone(index: dict[str, Any]) -> str:
    """The zone as WordPress shows it, such as `Asia/Jakarta` or `UTC+5.75`; empty if the index says nothing."""
    if name := str(index.get("timezone_string") or ""):
        return name
    try:
        return f"UTC{float(index['gmt_offset'] or 0):+g}"
    except (KeyError, TypeError, ValueError):
        return ""


def names_of(zone: str | None) -> list[str]:
    """The zone and all other names with the same rules, those of places first."""
    if zone is None:
        return []
    same = [name for name in _by_rules().get(_rules(zone), []) if name != zone]
    return [zone, *sorted(same, key=lambda name: ("/" not in name or name.startswith("Etc/"), name))]


def is_same_zone(given: str, used: str) -> bool:
    """Whether a zone as WordPress shows it is one that Postgres knows by this name."""
    index = {"gmt_offset": given[3:]} if given.startswith("UTC") and given != "UTC" else {"timezone_string": given}
    return used in names_of(zone_of(index))


@cache
def _by_rules() -> dict[bytes, list[str]]:
    found: dict[bytes, list[str]] = {}
    for name in sorted(available_timezones()):
        found.setdefault(_rules(name), []).append(name)
    found.pop(b"", None)
    return found


def _rules(name: str) -> bytes:
    """The rules of a zone as they are stored; empty if there are none of that name."""
    for folder in TZPATH:
        if (file := Path(folder) / name).is_file():
            return file.read_bytes()
    try:
        return importlib.resources.files("tzdata.zoneinfo").joinpath(name).read_bytes()
    except (OSError, ModuleNotFoundError, ValueError):
        return b""
