"""Which column of a file is which: by its name in both languages, else by how its values look."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sources.tabular.reading import Table

# Of the values that are not empty, how many must look right.
MOST = 0.8
_WORDS = re.compile(r"[^a-z0-9]+")


class ColumnsUnclear(ValueError):
    """`names`: our columns for which the file has none, or none that is certain."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


@dataclass(frozen=True)
class Column:
    """A column that an import wants. `called`: what files call it, the likeliest first; `share`: how many of a
    column's filled cells look like its values, from 0 to 1, or None if its values tell nothing."""

    name: str
    called: Sequence[str] = ()
    share: Callable[[pd.Series], float] | None = None
    is_required: bool = True


@dataclass
class Proposal:
    """`columns`: the file's column by our name. `certain`: our names whose column needs no confirmation."""

    columns: dict[str, str]
    certain: set[str] = field(default_factory=set)

    def missing(self, wanted: Sequence[Column]) -> list[str]:
        return [each.name for each in wanted if each.is_required and each.name not in self.columns]

    def only_certain(self, wanted: Sequence[Column]) -> Proposal:
        """The columns to take when nobody confirms. Raises ColumnsUnclear."""
        kept = Proposal({name: column for name, column in self.columns.items() if name in self.certain}, self.certain)
        if missing := kept.missing(wanted):
            raise ColumnsUnclear(missing)
        return kept

    def renamed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The proposal's columns with our names."""
        return pd.DataFrame({name: rows[column] for name, column in self.columns.items()}, index=rows.index)


def looks_like(cells: pd.Series, fits: Callable[[pd.Series], pd.Series]) -> float:
    """The share of the filled cells that fit; 0 if none is filled."""
    filled = cells[cells.str.strip() != ""]
    return float(fits(filled).mean()) if len(filled) else 0.0


def propose(table: Table, wanted: Sequence[Column]) -> Proposal:
    """A column of the file for each of `wanted`, if there is one. A column is certain if it has our name, or if it is
    the only one with another of its names and its values look right."""
    sample = table.sample()
    plain = {column: _plain(column) for column in table.header}
    found = Proposal({})
    for each in wanted:
        _by_name(found, each, plain, sample)
    for each in wanted:
        if each.name not in found.columns and each.share:
            _by_content(found, each, sample)
    return found


def _by_name(found: Proposal, wanted: Column, plain: dict[str, str], sample: pd.DataFrame) -> None:
    free = {column: name for column, name in plain.items() if column not in found.columns.values()}
    order = [_plain(name) for name in (wanted.name, *wanted.called)]
    matching = sorted((order.index(name), column) for column, name in free.items() if name in order)
    if not matching:
        return
    rank, column = matching[0]
    found.columns[wanted.name] = column
    fits = wanted.share is None or wanted.share(sample[column]) >= MOST
    if rank == 0 or (len(matching) == 1 and fits):
        found.certain.add(wanted.name)


def _by_content(found: Proposal, wanted: Column, sample: pd.DataFrame) -> None:
    assert wanted.share
    free = [column for column in sample.columns if column not in found.columns.values()]
    shares = {column: wanted.share(sample[column]) for column in free}
    best = max(shares, key=lambda column: shares[column], default=None)
    if best is not None and shares[best] >= MOST:
        found.columns[wanted.name] = best


def named(table: Table, given: str, wanted: Sequence[Column]) -> Proposal:
    """What a person gives: `id=Review ID,rating=Stars`, or names of the file's columns in the order of `wanted`. Raises
    ColumnsUnclear for names that neither side has, and for missing ones."""
    ours = [each.name for each in wanted]
    columns = {}
    for place, part in enumerate(part.strip() for part in given.split(",")):
        name, is_pair, column = part.partition("=")
        if not is_pair:
            name, column = (ours[place] if place < len(ours) else "?"), part
        columns[name.strip()] = column.strip()
    if unknown := [
        f"{name}={column}" for name, column in columns.items() if name not in ours or column not in table.header
    ]:
        raise ColumnsUnclear(unknown)
    chosen = Proposal(columns, set(columns))
    if missing := chosen.missing(wanted):
        raise ColumnsUnclear(missing)
    return chosen


def _plain(name: str) -> str:
    """Lower case, without accents and punctuation."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _WORDS.sub("", bare)
