"""Reads a survey and somebody's answers to it, and saves them. The role `webhook` can reach only one response at a
time, by the respondent's random name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from psycopg2.extras import Json, NamedTupleCursor

from warehouse.connection import read_sql
from warehouse.i18n import Language
from webhook.services import services
from webhook.surveys.links import Link

_SQL = Path(__file__).parent / "sql"
SCALES = ("performance", "expectation")
ABOUT = ("gender", "age_band", "job", "customer_since")


class Item(NamedTuple):
    """`number` counts the survey's items from 1."""

    number: int
    item: str
    text_id: str
    text_en: str

    def text(self, language: Language) -> str:
        return self.text_id if language == "id" else self.text_en


class Part(NamedTuple):
    """The items of a dimension, which are asked on one page."""

    dimension: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Survey:
    """`closes_on`: the last day on which it takes answers, if it has one."""

    title_id: str
    title_en: str
    state: str
    closes_on: date | None
    parts: tuple[Part, ...]

    def title(self, language: Language) -> str:
        return self.title_id if language == "id" else self.title_en

    @property
    def pages(self) -> int:
        """One for each part, and the last about the respondent."""
        return len(self.parts) + 1


@dataclass(frozen=True)
class Response:
    """What somebody has answered. `answers`: numbers from 1 to 5 by item and scale; `about`: what they told of
    themselves."""

    answers: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    about: Mapping[str, str | None] = field(default_factory=dict)
    is_finished: bool = False

    def unanswered(self, part: Part) -> list[Item]:
        """The items of a part that lack an answer on a scale."""
        return [each for each in part.items if any(self.answers.get(each.item, {}).get(s) is None for s in SCALES)]


def survey(link: Link) -> Survey | None:
    """The survey that a link is about, or None if its wave was deleted."""
    rows = _rows("survey.sql", link, name=link.wave)
    if not rows:
        return None
    items = [(row, number) for number, row in enumerate(rows, start=1) if row.item is not None]
    parts = tuple(
        Part(dimension, tuple(Item(number, row.item, row.text_id, row.text_en) for row, number in group))
        for dimension, group in groupby(items, key=lambda each: each[0].dimension)
    )
    return Survey(rows[0].title_id, rows[0].title_en, rows[0].state, rows[0].closes_on, parts)


def response(link: Link) -> Response:
    """What the link's respondent has answered; empty before the first answer."""
    found = _rows("response.sql", link)[0][0]
    if found is None:
        return Response()
    return Response(found["answers"], {name: found[name] for name in ABOUT}, found["is_finished"])


def save(
    link: Link,
    language: Language,
    answers: Sequence[Mapping[str, Any]] = (),
    about: Mapping[str, str | None] | None = None,
    is_finished: bool = False,
) -> bool:
    """Save answers, or with `about` what respondents tell of themselves. Returns False if the response was finished
    before or the wave is not open."""
    values = {
        "language": language,
        "answers": Json(list(answers)),
        "about": None if about is None else Json(dict(about)),
        "is_finished": is_finished,
    }
    return bool(_rows("answer.sql", link, **values)[0][0])


def _rows(statement: str, link: Link, **values: object) -> list[Any]:
    with (
        services().database.transaction() as connection,
        connection.cursor(cursor_factory=NamedTupleCursor) as cursor,
    ):
        cursor.execute(read_sql(_SQL / statement), {**link._asdict(), **values})  # type: ignore[no-untyped-call]
        return cursor.fetchall()
