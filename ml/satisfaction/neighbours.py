"""The k = 3 nearest neighbours, with the neighbours that each verdict rests on and what makes it doubtful.

The rules, where the method alone leaves a choice:
- What is not known of the asked one (NaN) is left out of the distance, for every neighbour alike.
- At the same distance who was not satisfied counts as nearer, then who stands first: a person asked in vain costs less
  than a customer lost.
- Fewer than three rows: those that there are vote. A tie of votes is not satisfied.
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

_USUAL = 0.95  # the share of rows that lie as near to others as is usual


class Neighbour(NamedTuple):
    """A row that a verdict rests on, and its Euclidean distance in the columns that were known."""

    name: str
    distance: float
    satisfied: bool


@dataclass(frozen=True)
class Verdict:
    """`share`: of the neighbours, who were satisfied, 0 to 1. `doubts`: `divided`, the neighbours do not agree; `far`,
    their mean distance is beyond what 95 % of the rows have to their own neighbours; `few`, there are fewer than 3."""

    satisfied: bool
    share: float
    neighbours: tuple[Neighbour, ...]
    doubts: tuple[Doubt, ...]


class NoRows(ValueError):
    """Nobody can be judged by no neighbours."""


@dataclass
class Rows:
    """Rows whose satisfaction is known: `points` (rows, columns), all finite; `names` differ from each other."""

    names: Sequence[str]
    points: Floats
    satisfied: npt.NDArray[np.bool_]
    _usual: dict[tuple[bool, ...], float] = field(default_factory=dict)
    _places: dict[str | None, int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {name: place for place, name in enumerate(self.names)}

    def judge(self, point: Floats, name: str | None = None) -> Verdict:
        """The verdict on a point (columns; NaN: not known). The row called `name` is no neighbour of itself.
        Raises NoRows."""
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
