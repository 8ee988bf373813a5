"""What "Satisfaction" in the KPI contract says of a wave, computed with numpy, SciPy and fractions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import stats

from tests.dbt.survey_waves import GROUPS, Wave

SCALES = ("performance", "expectation")
Row = dict[str, Any]
Table = np.ndarray[Any, np.dtype[np.float64]]


def groups(wave: Wave) -> Iterator[tuple[str, str, Table]]:
    """Kind, value and a mask of the people of each group of those who answered anything."""
    present = np.logical_or.reduce([wave.answers[scale].notna().to_numpy().any(axis=1) for scale in SCALES])
    yield "all", "all", present
    for kind in GROUPS:
        told = wave.members.get(kind, {})
        given = np.array([told.get(person) for person in wave.answers["performance"].index], dtype=object)
        for value in {value for value in given[present] if value is not None}:
            yield kind, value, present & (given == value)


def items(wave: Wave) -> list[Row]:
    return [row for kind, value, people in groups(wave) for row in _items(wave, kind, value, people)]


def _items(wave: Wave, kind: str, value: str, people: Table) -> Iterator[Row]:
    names = list(wave.dimensions)
    rated = {scale: wave.answers[scale].to_numpy()[people] for scale in SCALES}
    means = {scale: [_mean(column) for column in rated[scale].T] for scale in SCALES}
    lines = {scale: _average([mean for mean in means[scale] if mean is not None]) for scale in SCALES}
    complete = {scale: _complete(wave, scale, names, people) for scale in SCALES}
    for place, item in enumerate(names):
        answered = ~np.isnan(rated["performance"][:, place]) | ~np.isnan(rated["expectation"][:, place])
        if not answered.any():
            continue
        performance, expectation = means["performance"][place], means["expectation"][place]
        row: Row = {
            "wave": wave.name, "group_kind": kind, "group_value": value, "item": item,
            "dimension": wave.dimensions[item], "respondents": int(answered.sum()),
            "mean_performance": _float(performance), "mean_expectation": _float(expectation),
            "gap": None, "quadrant": None, "is_small": int(people.sum()) < 30,
        }  # fmt: skip
        if performance is not None and expectation is not None:
            row["gap"] = float(performance - expectation)
            high = (performance >= lines["performance"], expectation >= lines["expectation"])
            row["quadrant"] = {(False, True): "I", (True, True): "II", (False, False): "III", (True, False): "IV"}[high]
        valid = []
        for scale in SCALES:
            table, kept = complete[scale]
            row[f"r_{scale}"] = _r(table[:, kept.index(item)], table.sum(axis=1)) if item in kept else None
            critical = _critical_r(len(table))
            valid.append(None if None in (row[f"r_{scale}"], critical) else row[f"r_{scale}"] > critical)
        row["is_valid"] = False if False in valid else None if None in valid else True
        yield row


def dimensions(wave: Wave) -> list[Row]:
    return [row for kind, value, people in groups(wave) for row in _dimensions(wave, kind, value, people)]


def _dimensions(wave: Wave, kind: str, value: str, people: Table) -> Iterator[Row]:
    for dimension in ("all", *sorted(set(wave.dimensions.values()))):
        members = [item for item, own in wave.dimensions.items() if dimension in ("all", own)]
        rated = [wave.answers[scale][members].to_numpy()[people] for scale in SCALES]
        answered = (~np.isnan(rated[0]) | ~np.isnan(rated[1])).any(axis=1)
        if not answered.any():
            continue
        means = [(_mean(rated[0][:, place]), _mean(rated[1][:, place])) for place in range(len(members))]
        pairs = [(mean[0], mean[1]) for mean in means if mean[0] is not None and mean[1] is not None]
        importance = sum(expectation for _, expectation in pairs)
        csi = sum(expectation / importance * performance for performance, expectation in pairs) / 5 * 100
        yield {
            "wave": wave.name, "group_kind": kind, "group_value": value, "dimension": dimension,
            "respondents": int(answered.sum()),
            **{f"alpha_{scale}": _alpha(_complete(wave, scale, members, people)[0]) for scale in SCALES},
            "gap": _float(_average([performance - expectation for performance, expectation in pairs])),
            "csi": float(csi) if pairs else None, "grade": _grade(csi) if pairs else None,
            "is_small": int(people.sum()) < 30,
        }  # fmt: skip


def _complete(wave: Wave, scale: str, members: list[str], people: Table) -> tuple[Table, list[str]]:
    """The answers of those who answered every item that anybody answered, and these items."""
    frame = wave.answers[scale][members].to_numpy()
    asked = ~np.isnan(frame).all(axis=0)
    table = frame[people][:, asked]
    return table[~np.isnan(table).any(axis=1)], [
        item for item, is_asked in zip(members, asked, strict=True) if is_asked
    ]


def _r(item: Table, totals: Table) -> float | None:
    if len(set(item)) < 2 or len(set(totals)) < 2:
        return None
    return float(stats.pearsonr(item, totals).statistic)


def _alpha(table: Table) -> float | None:
    count = table.shape[1]
    if count < 2 or len(set(table.sum(axis=1))) < 2:
        return None
    return float(count / (count - 1) * (1 - np.var(table, axis=0, ddof=1).sum() / np.var(table.sum(axis=1), ddof=1)))


def _critical_r(people: int) -> float | None:
    if people < 3:
        return None
    limit = stats.t.ppf(0.975, people - 2)
    return float(limit / np.sqrt(people - 2 + limit**2))


def _grade(csi: Fraction) -> str:
    rounded = (csi + Fraction(1, 2)).__floor__()
    lower = {81: "very satisfied", 66: "satisfied", 51: "fairly satisfied", 35: "less satisfied"}
    return next((grade for limit, grade in lower.items() if rounded >= limit), "not satisfied")


def _mean(answers: Table) -> Fraction | None:
    given = answers[~np.isnan(answers)]
    return Fraction(int(given.sum()), len(given)) if len(given) else None


def _average(numbers: list[Fraction]) -> Fraction | None:
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
