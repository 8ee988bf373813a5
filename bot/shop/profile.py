"""A shop's name and tone, time zone, currency and opening hours."""

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
from warehouse.zones import zone

_SQL = Path(__file__).parent / "sql"
_DAYS = 15  # before and after a time


class Opening(NamedTuple):
    """`weekday` is ISO's, 1 is Monday. If it closes at or before the opening hour, that is on the next day."""

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
        """Whether the shop is open; always if it has no opening hours."""
        return not self.openings or any(opens <= at < closes for opens, closes in self._periods(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """The next opening, in the shop's time zone; None if the shop is open or does not open within two weeks."""
        if self.is_open(at):
            return None
        return min((opens for opens, _ in self._periods(at) if opens > at), default=None)

    def closed_since(self, at: datetime) -> datetime:
        """When a shop that is closed at this time last closed; two weeks before it if it was not open since."""
        return max((closes for _, closes in self._periods(at) if closes <= at), default=at - timedelta(days=_DAYS))

    def _periods(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """Opening and closing times of the two weeks before and after `at`, in the shop's time zone."""
        today = at.astimezone(self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(-_DAYS, _DAYS))
        return [
            (
                self._at(day, opening.opens),
                self._at(day + timedelta(days=opening.closes <= opening.opens), opening.closes),
            )
            for day in days
            if day not in self.holidays
            for opening in self.openings
            if opening.weekday == day.isoweekday()
        ]

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone)


class UnknownShop(LookupError):
    """There is no shop of this name."""


def known(cursor: Cursor, store_id: str | None, settings: Settings) -> str:
    """The shop that is meant, by default the deployment's own. Raises UnknownShop."""
    if store_id is None or store_id == settings.default_store:
        return settings.default_store
    cursor.execute(read_sql(_SQL / "is_known.sql"), {"store_id": store_id})
    if cursor.fetchone() == (True,):
        return store_id
    raise UnknownShop(store_id)


def load(cursor: Cursor, store_id: str, settings: Settings, instructions: Instructions | None = None) -> Shop:
    """Read a shop. `instructions` replace its own, for a preview."""
    cursor.execute(read_sql(_SQL / "shop.sql"), {"store_id": store_id})
    timezone, currency, weekdays, opens, closes, holidays = cursor.fetchone()  # type: ignore[misc]
    return Shop(
        store_id,
        instructions or current(cursor, store_id),
        zone(timezone) if timezone else settings.timezone,
        currency,
        tuple(map(Opening, weekdays, opens, closes)),
        frozenset(holidays),
    )
