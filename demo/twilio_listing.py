"""Twilio's listing of messages: newest first, with a cursor and filters, every parameter validated."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from demo.twilio_errors import Refused

Record = dict[str, Any]

_KNOWN = {"To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"}
_DATES = ("%Y", "%Y-%m", "%Y-%m-%d")
_TIMES = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")
_LARGEST_PAGE = 1000


def page(records: Iterable[Any], path: str, query: dict[str, str], whole_days: bool) -> Record:
    """The requested page of `path`. Raises Refused."""
    query = {name: value for name, value in query.items() if name in _KNOWN}
    size = _whole_number(query, "PageSize", 50, 1, _LARGEST_PAGE)
    number = _whole_number(query, "Page", 0, 0, 10**9)
    token = query.get("PageToken")
    if number and not token:
        raise Refused(400, 20001, "Page number out of range: follow next_page_uri")
    found = [record for record in records if _fits(record, query, whole_days)]
    found.sort(key=_newest_first, reverse=True)
    start = _after_token(found, token)
    shown = found[start : start + size]
    more = start + size < len(found)
    filters = {name: value for name, value in query.items() if name not in ("Page", "PageToken", "PageSize")}
    here = {**filters, "PageSize": str(size)}
    following = {**here, "Page": str(number + 1), "PageToken": f"PA{_sid(shown[-1])}"} if more else None
    return {
        "messages": shown,
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "first_page_uri": f"{path}?{urlencode({**here, 'Page': '0'})}",
        "next_page_uri": f"{path}?{urlencode(following)}" if following else None,
        "previous_page_uri": None,
        "uri": f"{path}?{urlencode({**here, 'Page': str(number)})}",
    }


def _fits(record: Any, query: dict[str, str], whole_days: bool) -> bool:
    bounds = {name: _bound(query[name]) for name in ("DateSent", "DateSent<", "DateSent>") if query.get(name)}
    if not isinstance(record, dict):
        return True
    if any(query.get(name) and record.get(name.lower()) != query[name] for name in ("To", "From")):
        return False
    if not bounds:
        return True
    # Twilio's documentation does not say how messages without DateSent are sorted: here, by their creation.
    sent = _time(record.get("date_sent") or record.get("date_created"))
    if sent is None:
        return True  # listed, so that callers can be tested with it
    return all(_within(sent, name, *bound, whole_days) for name, bound in bounds.items())


def _within(sent: datetime, name: str, start: datetime, end: datetime, whole_days: bool) -> bool:
    if whole_days:
        start = start.replace(hour=0, minute=0, second=0)
        end = max(end, start + timedelta(days=1))
    if name == "DateSent":
        return start <= sent < end
    if name == "DateSent>":
        return sent >= start
    return sent < end if whole_days else sent <= start


def _whole_number(query: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise Refused(400, 20001, f"Invalid {name} value.")
    return int(text)


def _bound(text: str) -> tuple[datetime, datetime]:
    """The first instant of a value of DateSent, and the first instant after it."""
    for form in _TIMES:
        try:
            start = datetime.strptime(text, form).astimezone(UTC)
        except ValueError:
            continue
        return start, start + timedelta(seconds=1)
    for form in _DATES:
        try:
            start = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        days = {"%Y": 366 if isleap(start.year) else 365, "%Y-%m": monthrange(start.year, start.month)[1]}
        return start, start + timedelta(days=days.get(form, 1))
    raise Refused(400, 20001, "Invalid date value.")


def _after_token(found: list[Any], token: str | None) -> int:
    if token is None:
        return 0
    for position, record in enumerate(found):
        if token == f"PA{_sid(record)}":
            return position + 1
    raise Refused(400, 20001, "Invalid PageToken.")


def _sid(record: Any) -> str:
    return str(record.get("sid")) if isinstance(record, dict) else ""


@cache
def _parsed(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def _time(text: Any) -> datetime | None:
    return _parsed(text) if isinstance(text, str) else None


def _newest_first(record: Any) -> tuple[datetime, str]:
    fields = record if isinstance(record, dict) else {}
    newest = datetime.max.replace(tzinfo=UTC)
    return _time(fields.get("date_sent")) or _time(fields.get("date_created")) or newest, _sid(record)
