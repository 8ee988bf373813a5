"""Time zones by the names under which they are stored: those of the IANA database, and fixed offsets without a name.

A fixed offset is stored as Postgres reads it, in POSIX form: `<-0330>+03:30` is three and a half hours behind UTC.
POSIX counts westwards, so the sign of the offset is the opposite of the one in the angle brackets.
"""

from __future__ import annotations

import io
import re
import struct
from functools import cache
from zoneinfo import ZoneInfo

_FIXED = re.compile(r"<([+-]\d{4})>([+-])(\d{2}):(\d{2})")
_LARGEST = 14 * 60


def fixed_zone(minutes: int) -> str:
    """The name of the zone that is always so many minutes ahead of UTC. Raises ValueError for more than 14 hours."""
    if abs(minutes) > _LARGEST:
        raise ValueError(f"no time zone is {minutes} minutes ahead of UTC")
    hours, rest = divmod(abs(minutes), 60)
    ahead, westwards = ("-", "+") if minutes < 0 else ("+", "-")
    return f"<{ahead}{hours:02}{rest:02}>{westwards}{hours:02}:{rest:02}"


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of a stored name. Raises ZoneInfoNotFoundError."""
    match = _FIXED.fullmatch(name)
    if match is None:
        return ZoneInfo(name)
    shown, westwards, hours, minutes = match.groups()
    seconds = (int(hours) * 60 + int(minutes)) * (60 if westwards == "-" else -60)
    return ZoneInfo.from_file(io.BytesIO(_compiled(seconds, shown)), key=name)


def _compiled(seconds: int, shown: str) -> bytes:
    """A zone with one offset as a file of the IANA database, version 1 (RFC 8536): a header with six counts, then the
    only local time type and its name."""
    name = shown.encode() + b"\0"
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, len(name))
    return b"TZif" + bytes(16) + counts + struct.pack(">lBB", seconds, 0, 0) + name


def shown(of: ZoneInfo) -> str:
    """The name of a zone for readers: `Asia/Jakarta`, or `UTC-03:30` for an offset without a name."""
    match = _FIXED.fullmatch(of.key)
    return f"UTC{match[1][:3]}:{match[1][3:]}" if match else of.key
