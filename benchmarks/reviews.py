"""`python -m benchmarks.reviews`: 50,000 reviews from a file to the marts, beside the naive way.

Ours is the command that a person types, in a process of its own, and the build of the marts that follows. The naive way
writes a row at a time, each in a transaction; some of them tell for all. Then the same with the file of the next day,
which has 100 new reviews.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2

from pipeline.transform import build, build_part
from warehouse import connection, embedded
from warehouse.settings import ROOT, Settings

NEW = 100
NAIVE_ROWS = 2_000
NAIVE_TABLE = """
create table naive_reviews (id text primary key, rating integer, text text, created_at timestamptz)
"""
NAIVE_INSERT = """
insert into naive_reviews (id, rating, text, created_at) values (%(id)s, %(rating)s, %(text)s, %(created_at)s)
on conflict (id) do update set rating = excluded.rating, text = excluded.text
"""
WORDS = ["bagus", "cepat", "lambat", "kurir", "aplikasi", "error", "suka", "barang", "harga", "murah", "kecewa", "lama"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reviews", description=__doc__)
    parser.add_argument("--reviews", type=int, default=50_000)
    reviews = parser.parse_args().reviews
    with tempfile.TemporaryDirectory(prefix="kabar-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ.update(KABAR_STATE_DIR=folder, KABAR_DATABASE_URL="")
        settings = Settings(_env_file=None)
        try:
            # The marts of the shops, which those of reviews stand on.
            build(settings=settings)
            _measure(settings, Path(folder), reviews)
        finally:
            embedded.stop(settings)


def _measure(settings: Settings, folder: Path, reviews: int) -> None:
    first, second = folder / "first.csv", folder / "second.csv"
    _write(first, reviews)
    _write(second, reviews + NEW)
    naive = _timed(lambda: _naive(settings, first)) * reviews / min(NAIVE_ROWS, reviews)
    for file, title in ((first, f"{reviews:,} reviews"), (second, f"the same and {NEW} new ones")):
        imported = _timed(lambda: _import(file))  # noqa: B023 - called at once
        built = _timed(lambda: build_part("reviews", settings))
        _require(settings, reviews if file is first else reviews + NEW)
        print(f"{title}: import {imported:.1f} s, marts {built:.1f} s, together {imported + built:.1f} s")
        if file is first:
            print(f"row by row the import alone takes {naive:.0f} s: {naive / imported:.1f} times as long")


def _write(file: Path, reviews: int) -> None:
    """Made-up reviews; a longer file begins like a shorter one."""
    choose = random.Random(0)
    began = datetime(2025, 1, 1, tzinfo=UTC)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "rating", "text", "created_at", "author", "product", "language"])
        for number in range(reviews):
            text = " ".join(choose.choices(WORDS, k=choose.randint(1, 40)))
            at = began + timedelta(minutes=10 * number)
            writer.writerow([f"r{number}", choose.randint(1, 5), text, at.isoformat(), "Siti", "Kopi", "id"])


def _naive(settings: Settings, file: Path) -> None:
    opened = psycopg2.connect(connection.url("owner", settings))
    opened.autocommit = True
    with opened.cursor() as cursor, file.open(encoding="utf-8") as rows:
        cursor.execute(NAIVE_TABLE)
        for number, row in enumerate(csv.DictReader(rows)):
            if number == NAIVE_ROWS:
                break
            cursor.execute(NAIVE_INSERT, row)
    opened.close()


def _import(file: Path) -> None:
    command = [sys.executable, "-m", "sources.reviews", "import", str(file), "--yes"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def _require(settings: Settings, reviews: int) -> None:
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute("select count(*) from marts.fct_reviews")
        assert cursor.fetchone() == (reviews,), "reviews are missing in the marts"


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
