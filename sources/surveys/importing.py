"""Imports a file of answers into a wave. Importing it again changes nothing; what differs is updated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from psycopg2.extensions import cursor as Cursor  # noqa: N812 (the driver's class has a small letter)
from psycopg2.extras import execute_values

from sources.retries import retry_conflicts
from sources.surveys.rows import ABOUT, DUPLICATE, OTHER_DIMENSION, Answer, SetAside, answers_of, faults_of
from sources.tabular import Proposal, Table
from warehouse.connection import read_sql, transaction
from warehouse.settings import Settings

SQL = Path(__file__).parent / "sql"
_CHUNK = 5_000

log = structlog.get_logger()

OnProgress = Callable[[int], None]
"""Called with the number of rows that were read so far."""


@dataclass
class Imported:
    """`counts`: answers that were `new`, `changed` or `unchanged`. `set_aside`: rows that are no answer, by line."""

    rows: int = 0
    respondents: int = 0
    items: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    set_aside: list[SetAside] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        kinds = Counter(each.kind for each in self.set_aside)
        counts = {name: self.counts[name] for name in ("new", "changed", "unchanged")}
        people = {"respondents": self.respondents, "items": self.items}
        return {"rows": self.rows, **people, **counts, "set_aside": dict(sorted(kinds.items()))}


def import_file(
    table: Table,
    columns: Proposal,
    store_id: str,
    wave: str,
    name: str,
    settings: Settings,
    on_progress: OnProgress = lambda rows: None,
) -> Imported:
    """Land the answers of a file called `name` in one transaction. A wave that is missing is created as closed, with
    the items of the file; one that is there gets those that it lacks."""
    imported = Imported()
    answers: list[Answer] = []
    for chunk in table.chunks(_CHUNK):
        found, set_aside = answers_of(columns.renamed(chunk.rows))
        answers += found
        imported.set_aside += [*set_aside, *faults_of(chunk.faults)]
        imported.rows += len(chunk.rows) + len(chunk.faults)
        on_progress(imported.rows)
    _land(imported, answers, {"store_id": store_id, "wave": wave, "file": name}, settings)
    log.info("survey_imported", store_id=store_id, wave=wave, **imported.as_dict())
    return imported


@retry_conflicts
def _land(imported: Imported, answers: Sequence[Answer], key: dict[str, str], settings: Settings) -> None:
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "create_wave.sql"), key)
        # Two imports into one wave wait for each other.
        cursor.execute(read_sql(SQL / "lock_wave.sql"), key)
        cursor.execute(read_sql(SQL / "wave_items.sql"), key)
        known = cursor.fetchall()
        dimensions: dict[str, str] = {item: dimension for item, dimension, _ in known}
        taken, set_aside = _consistent(answers, dimensions)
        wave = (key["store_id"], key["wave"])
        _insert(cursor, "insert_items", [(*wave, *item) for item in _items(taken, known)])
        people = _people(taken)
        _insert(cursor, "upsert_respondents", [(*wave, *person) for person in people])
        rows = [
            (*wave, each.respondent, each.item, each.dimension, each.performance, each.expectation) for each in taken
        ]
        outcomes = Counter(
            outcome for (outcome,) in _insert(cursor, "upsert_answers", sorted(rows, key=lambda row: row[:4]))
        )
        outcomes["unchanged"] = len(rows) - outcomes.total()
        set_aside = sorted([*imported.set_aside, *set_aside])
        cursor.execute(read_sql(SQL / "delete_rejections.sql"), {**key, "lines": [each.line for each in set_aside]})
        rejected = [(*wave, key["file"], each.line, each.kind, str(each.reason)) for each in set_aside]
        _insert(cursor, "set_aside_lines", rejected)
    imported.set_aside = set_aside
    imported.counts = outcomes
    imported.respondents = len(people)
    imported.items = len({each.item for each in taken})


def _consistent(answers: Iterable[Answer], dimensions: dict[str, str]) -> tuple[list[Answer], list[SetAside]]:
    """The first answer of each respondent to each item, with the dimension that the item has; and later ones that
    differ, and answers that give the item another dimension. `dimensions`: those of the wave's items, which items of
    the file join."""
    first: dict[tuple[str, str], Answer] = {}
    set_aside: list[SetAside] = []
    for answer in answers:
        dimension = dimensions.setdefault(answer.item, answer.dimension)
        if dimension.casefold() != answer.dimension.casefold():
            set_aside.append(SetAside(answer.line, "other_dimension", OTHER_DIMENSION))
            continue
        known = first.setdefault((answer.respondent, answer.item), answer._replace(dimension=dimension))
        if (known.performance, known.expectation) != (answer.performance, answer.expectation):
            set_aside.append(SetAside(answer.line, "duplicate", DUPLICATE))
    return list(first.values()), set_aside


def _items(answers: Iterable[Answer], known: Sequence[tuple[str, str, int]]) -> list[tuple[str, str, str, str, int]]:
    """Name, dimension, text in both languages and place of the items that the wave lacks, after those that it has;
    without a text the name serves. `known`: those that it has."""
    names = {item for item, _, _ in known}
    first: dict[str, Answer] = {}
    for answer in answers:
        if answer.item not in names and not first.setdefault(answer.item, answer).text:
            first[answer.item] = answer
    start = max((place for _, _, place in known), default=0) + 1
    return [
        (item, answer.dimension, answer.text or item, answer.text or item, place)
        for place, (item, answer) in enumerate(first.items(), start)
    ]


def _people(answers: Iterable[Answer]) -> list[tuple[object, ...]]:
    """Each respondent, with what the first row that has it tells, and when and how they answered."""
    people: dict[str, list[str | None]] = {}
    for answer in answers:
        about = people.setdefault(answer.respondent, [None] * len(ABOUT))
        about[:] = [known or told for known, told in zip(about, answer.about, strict=True)]
    return [(person, *people[person], "file", datetime.now(UTC)) for person in sorted(people)]


def _insert(cursor: Cursor, statement: str, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Run the statement with all rows; returns what it returns."""
    if not rows:
        return []
    fetch = statement == "upsert_answers"
    return list(execute_values(cursor, read_sql(SQL / f"{statement}.sql"), rows, page_size=1_000, fetch=fetch) or [])
