"""Random waves of surveys, and answers by hand, as they land in `raw`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from psycopg2.extras import execute_values

from warehouse.connection import transaction
from warehouse.settings import Settings

GROUPS: dict[str, Sequence[str | None]] = {
    "gender": ("perempuan", "laki-laki", None),
    "age_band": ("18–24", "25–34", "35+"),
    "job": ("mahasiswa", "karyawan", "wiraswasta", None),
    "customer_since": ("2024", "2025"),
}


@dataclass
class Wave:
    """`answers`: a frame of respondents × items for `performance` and `expectation`, NaN where nobody answered;
    `dimensions` by item; `members`: the group of each respondent by kind of group, None where not told."""

    name: str
    answers: Mapping[str, pd.DataFrame]
    dimensions: Mapping[str, str]
    members: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


def random_wave(random: np.random.Generator, number: int) -> Wave:
    """5 to 500 respondents and 1 to 20 items that follow one mood, with missing answers, items that all rate alike,
    people who tick one number, and small groups."""
    people = int(random.choice([5, 6, 9, 29, 30, 31, 120, 500])) if number % 2 else int(random.integers(5, 501))
    items = [f"Q{item}" for item in range(1, int(random.integers(2, 21)) + 1)]
    respondents = [f"R{person}" for person in range(people)]
    dimensions = {item: f"D{random.integers(1, 5)}" for item in items}
    share = float(random.choice([0, 0.01, 0.1, 0.4]))
    answers = {scale: _rated(random, respondents, items, share) for scale in ("performance", "expectation")}
    for frame in answers.values():
        if random.random() < 0.3:
            frame[items[0]] = 4.0
        if random.random() < 0.2:
            frame.iloc[: people // 3] = 3.0
    members = {
        kind: {person: values[random.integers(len(values))] for person in respondents}
        for kind, values in GROUPS.items()
    }
    return Wave(f"wave {number}", answers, dimensions, members)


def _rated(random: np.random.Generator, respondents: list[str], items: list[str], share: float) -> pd.DataFrame:
    mood = random.normal(0, 1, (len(respondents), 1))
    level = random.uniform(1.5, 4.8, (1, len(items)))
    raw = np.clip(np.rint(level + 0.7 * mood + random.normal(0, 0.8, (len(respondents), len(items)))), 1, 5)
    raw[random.random(raw.shape) < share] = np.nan
    return pd.DataFrame(raw, index=respondents, columns=items)


def land(settings: Settings, waves: Iterable[Wave], store: str = "default") -> None:
    """Write the waves, their items, people and answers as `loader` would."""
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        for wave in waves:
            key = (store, wave.name)
            cursor.execute(
                "insert into app.survey_waves (store_id, wave, title_id, title_en, state)"
                " values (%s, %s, %s, %s, 'closed')",
                (*key, wave.name, wave.name),
            )
            items = [(*key, item, place, of, item, item) for place, (item, of) in enumerate(wave.dimensions.items(), 1)]
            execute_values(cursor, "insert into app.survey_items values %s", items)
            people = [
                (*key, person, "file", *(wave.members.get(kind, {}).get(person) for kind in GROUPS))
                for person in wave.answers["performance"].index
            ]
            columns = f"store_id, wave, respondent, source, {', '.join(GROUPS)}"
            execute_values(cursor, f"insert into raw.survey_respondents ({columns}) values %s", people)
            columns = "store_id, wave, respondent, item, dimension, performance, expectation"
            execute_values(
                cursor, f"insert into raw.survey_answers ({columns}) values %s", list(_rows(key, wave)), page_size=5000
            )


def _rows(key: tuple[str, str], wave: Wave) -> Iterable[tuple[object, ...]]:
    performance, expectation = wave.answers["performance"], wave.answers["expectation"]
    for person in performance.index:
        for item, dimension in wave.dimensions.items():
            rated = [None if np.isnan(value) else int(value) for value in (
                performance.at[person, item], expectation.at[person, item]
            )]  # fmt: skip
            yield (*key, person, item, dimension, *rated)
