"""What customers of the first of the two made-up shops think: two survey waves, imported from files."""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path

from pipeline import transform
from sources.surveys.importing import import_file
from sources.surveys.rows import COLUMNS
from sources.tabular import open_table, propose
from warehouse.settings import Settings

NEWEST = "2026 Q4"
OLDER = "2026 Q3"
RESPONDENTS = {OLDER: 24, NEWEST: 60}
DIMENSIONS = {"EFF": "Efficiency", "FUL": "Fulfilment", "RES": "Responsiveness", "COM": "Compensation"}
ITEMS = {f"{code}{number}": dimension for code, dimension in DIMENSIONS.items() for number in (1, 2, 3)}
_HEADER = ("respondent", "item", "dimension", "performance", "expectation", "gender")


def add(settings: Settings) -> None:
    """Import the waves, the older one first, and build the marts of surveys."""
    for wave in RESPONDENTS:
        import_wave(settings, wave)
    transform.build_part("surveys", settings)


def import_wave(settings: Settings, wave: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{wave}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([_HEADER, *_answers(wave)])
        with open_table(path) as table:
            import_file(table, propose(table, COLUMNS), "default", wave, path.name, settings)


def _answers(wave: str) -> list[tuple[object, ...]]:
    chance = random.Random(wave)
    levels = {item: (chance.uniform(2.4, 4.6), chance.uniform(3.4, 4.8)) for item in ITEMS}
    rows: list[tuple[object, ...]] = []
    for number in range(RESPONDENTS[wave]):
        mood, gender = chance.gauss(0, 0.6), chance.choice(("female", "male"))
        for item, dimension in ITEMS.items():
            rated = [_rating(level + mood + chance.gauss(0, 0.6)) for level in levels[item]]
            if chance.random() > 0.02:
                rows.append((f"person {number}", item, dimension, *rated, gender))
    return rows


def _rating(value: float) -> int:
    return min(5, max(1, round(value)))
