"""What the bot knows of a shop before anybody asks: its name and tone, zone, currency and opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from bot.shop.instructions import Instructions, current
from warehouse.connection import read_sql
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
_DAYS_AHEAD = 15


class Opening(NamedTuple):
    """`weekday` as ISO counts, 1 is Monday. Closing at or before the opening hour means in the night that follows."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Shop:
    store_id: str
    instructions: Instructions
    zone: ZoneInfo
    currency: str | None
    openings: tuple[Opening, ...]
    holidays: frozenset[date]

    @property
    def name(self) -> str:
        return self.instructions.shop_name

    def is_open(self, at: datetime) -> bool:
        """Whether people are there. A shop without opening hours never says that nobody is."""
        return not self.openings or any(opens <= at < closes for opens, closes in self._periods(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """When people are back, in the shop's zone; None if that is not within two weeks or the shop is open."""
        if self.is_open(at):
            return None
        return min((opens for opens, _ in self._periods(at) if opens > at), default=None)

    def _periods(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """Openings from the day before `at` on, as times in the shop's zone."""
        first = at.astimezone(self.zone).date() - timedelta(days=1)
        days = (first + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD))
        return [
            (self._at(day, opening.opens), self._at(day + _night(opening), opening.closes))
            for day in days
            if day not in self.holidays
            for opening in self.openings
            if opening.weekday == day.isoweekday()
        ]

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone)


def _night(opening: Opening) -> timedelta:
    return timedelta(days=1 if opening.closes <= opening.opens else 0)


def load(cursor: Cursor, store_id: str, settings: Settings, instructions: Instructions | None = None) -> Shop:
    """A shop as it stands now; `instructions` in the place of its own, for a preview."""
    cursor.execute(read_sql(_SQL / "shop.sql"), {"store_id": store_id})
    timezone, currency, weekdays, opens, closes, holidays = cursor.fetchone()  # type: ignore[misc]
    return Shop(
        store_id,
        instructions or current(cursor, store_id),
        ZoneInfo(timezone) if timezone else settings.timezone,
        currency,
        tuple(map(Opening, weekdays, opens, closes)),
        frozenset(holidays),
    )
