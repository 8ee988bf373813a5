"""How often the right passage is found, by words, by meaning, and by both: `python -m benchmarks.retrieval`.

Over the pages and questions of tests/data/knowledge. `answered`: the best passage fits, so that a customer would be
answered with it. The threshold (`FITS` in bot/knowledge/search.py) is fitted on dialogues, not on these questions. The
questions called chosen were used for earlier thresholds; those held back never were.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psycopg2.extensions
import yaml
from rich.console import Console
from rich.table import Table

from bot.knowledge import uploads
from bot.knowledge.documents import read_document
from bot.knowledge.search import Passage, Way, search
from ml.encoder.store import Encoder, encoder_in_use
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import ROOT, Settings, get_settings

PAGES = ROOT / "tests" / "data" / "knowledge"
STORE = "benchmark of retrieval"
WAYS: dict[str, tuple[Way, ...]] = {"words": ("words",), "meaning": ("meaning",), "both": ("words", "meaning")}

_SQL = Path(__file__).parent / "sql"
_PARTS = ("chosen", "held")


class Question(NamedTuple):
    """What is asked, and the headings of the passages that answer it: none where no page does."""

    text: str
    right: frozenset[str]


class Figures(NamedTuple):
    """Over the questions that a page answers: the right passage first and among the first three, answered with it or
    with another; over those that none does: answered all the same."""

    answerable: int
    right_first: int
    right_in_three: int
    answered_right: int
    answered_wrong: int
    unanswerable: int
    answered_falsely: int
    milliseconds: float


def questions(part: str) -> list[Question]:
    """The questions of a part: `chosen` or `held`."""
    content = yaml.safe_load((PAGES / "questions.yml").read_text())
    return [Question(text, frozenset(right)) for text, right in content[part]]


def upload_pages(settings: Settings) -> None:
    """Upload and read the pages."""
    paths = sorted(path for path in PAGES.iterdir() if path.name not in ("README.md", "questions.yml"))
    for path in paths:
        with transaction("inbox", settings) as connection, connection.cursor() as cursor:
            document_id = uploads.add(cursor, STORE, path.name, path.read_bytes())
        read_document(settings, document_id)


def remove_pages(settings: Settings) -> None:
    with transaction("inbox", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "remove_pages.sql"), {"store_id": STORE})


def figures(
    cursor: psycopg2.extensions.cursor, asked: Sequence[Question], encoder: Encoder | None, ways: Sequence[Way]
) -> Figures:
    started = time.perf_counter()
    found = [search(cursor, STORE, question.text, encoder, ways=ways) for question in asked]
    milliseconds = (time.perf_counter() - started) * 1000 / len(asked)
    pairs = list(zip(asked, found, strict=True))
    known = [(question, passages) for question, passages in pairs if question.right]
    answered = [(question, passages) for question, passages in pairs if passages and passages[0].fits]
    return Figures(
        answerable=len(known),
        right_first=sum(_has_right(question, passages[:1]) for question, passages in known),
        right_in_three=sum(_has_right(question, passages[:3]) for question, passages in known),
        answered_right=sum(_has_right(question, passages[:1]) for question, passages in answered),
        answered_wrong=sum(not _has_right(question, passages[:1]) for question, passages in answered if question.right),
        unanswerable=len(pairs) - len(known),
        answered_falsely=sum(not question.right for question, _ in answered),
        milliseconds=milliseconds,
    )


def _has_right(question: Question, passages: Sequence[Passage]) -> bool:
    return any((passage.heading or "").rpartition(" › ")[2] in question.right for passage in passages)


def main() -> int:
    settings = get_settings()
    encoder = encoder_in_use(settings)
    if encoder is None:
        print("benchmarks.retrieval: no encoder is in use: make one with `python -m ml.encoder`", file=sys.stderr)
        return 2
    upload_pages(settings)
    try:
        table = Table("questions", "by", "right first", "in three", "answered right", "wrong", "falsely", "ms")
        with connect("bot", settings) as connection, connection.cursor() as cursor:
            for part in _PARTS:
                for name, ways in WAYS.items():
                    table.add_row(*_row(part, name, figures(cursor, questions(part), encoder, ways)))
        Console(width=110).print(table)
    finally:
        remove_pages(settings)
    return 0


def _row(part: str, name: str, found: Figures) -> list[str]:
    return [
        part,
        name,
        f"{found.right_first}/{found.answerable} ({found.right_first / found.answerable:.2f})",
        f"{found.right_in_three}/{found.answerable} ({found.right_in_three / found.answerable:.2f})",
        str(found.answered_right),
        str(found.answered_wrong),
        f"{found.answered_falsely}/{found.unanswerable}",
        f"{found.milliseconds:.0f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
