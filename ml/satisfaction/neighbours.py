"""k nearest neighbours with k = 3, explained by the neighbours and doubts of each verdict.

- Unknown columns (NaN) are left out of all distances.
- At equal distance rows that were not satisfied come first, since a needless handover costs less than a lost customer.
- With fewer than three rows, those vote. A tie means not satisfied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

K = 3

Floats = npt.NDArray[np.float64]
Doubt = Literal["divided", "far", "few"]

_USUAL = 0.95  # quantile of the rows' mean distances to their neighbours


class Neighbour(NamedTuple):
    """A neighbour and its Euclidean distance in the known columns."""

    name: str
    distance: float
    satisfied: bool


@dataclass(frozen=True)
class Verdict:
    """`share`: the share of satisfied neighbours, 0 to 1. `doubts`: `divided`, the neighbours differ; `far`, their mean
    distance exceeds that of 95 % of the rows to their neighbours; `few`, there are fewer than three."""

    satisfied: bool
    share: float
    neighbours: tuple[Neighbour, ...]
    doubts: tuple[Doubt, ...]


class NoRows(ValueError):
    """There are no rows to compare with."""


@dataclass
class Rows:
    """Training rows: `points` (rows, columns) are finite, `names` unique."""

    names: Sequence[str]
    points: Floats
    satisfied: npt.NDArray[np.bool_]
    _usual: dict[tuple[bool, ...], float] = field(default_factory=dict)
    _places: dict[str | None, int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {name: place for place, name in enumerate(self.names)}

    def judge(self, point: Floats, name: str | None = None) -> Verdict:
        """The verdict on a point (columns; NaN: unknown), excluding the row called `name`. Raises NoRows."""
        known = np.isfinite(point)
        neighbours = self._nearest(point, known, name)
        if not neighbours:
            raise NoRows("there is no row to compare with")
        votes = sum(neighbour.satisfied for neighbour in neighbours)
        return Verdict(
            satisfied=2 * votes > len(neighbours),
            share=votes / len(neighbours),
            neighbours=tuple(neighbours),
            doubts=tuple(self._doubts(neighbours, known)),
        )

    def _nearest(self, point: Floats, known: npt.NDArray[np.bool_], name: str | None) -> list[Neighbour]:
        distances = np.sqrt(((self.points[:, known] - point[known]) ** 2).sum(axis=1))
        if name in self._places:
            distances[self._places[name]] = np.inf
        within = np.partition(distances, K - 1)[K - 1] if len(distances) > K else np.inf
        rows = np.flatnonzero((distances <= within) & np.isfinite(distances))
        nearest = rows[np.lexsort((rows, self.satisfied[rows], distances[rows]))][:K]
        return [Neighbour(self.names[row], float(distances[row]), bool(self.satisfied[row])) for row in nearest]

    def _doubts(self, neighbours: Sequence[Neighbour], known: npt.NDArray[np.bool_]) -> Iterable[Doubt]:
        if len({neighbour.satisfied for neighbour in neighbours}) > 1:
            yield "divided"
        if len(neighbours) < K:
            yield "few"
        elif _mean_distance(neighbours) > self._usual_distance(known):
            yield "far"

    def _usual_distance(self, known: npt.NDArray[np.bool_]) -> float:
        columns = tuple(known)
        if columns not in self._usual:
            own = [
                _mean_distance(self._nearest(point, known, name))
                for name, point in zip(self.names, self.points, strict=True)
            ]
            self._usual[columns] = float(np.quantile(own, _USUAL, method="higher"))
        return self._usual[columns]


def _mean_distance(neighbours: Sequence[Neighbour]) -> float:
    return sum(neighbour.distance for neighbour in neighbours) / len(neighbours) if neighbours else 0.0
