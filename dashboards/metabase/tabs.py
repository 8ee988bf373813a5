"""The tabs of a dashboard. Metabase identifies a tab only by its id: names may repeat, and people may use ours.

A tab that a change leaves out is deleted with its cards, so every existing one is among ours or the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field

from dashboards.metabase.client import Row
from dashboards.metabase.layout import Placed

Matched = Sequence[tuple[Placed, Row | None]]


@dataclass(frozen=True)
class Tabs:
    """Our tabs by the name of `Placed.tab`, and those that people added."""

    own: dict[str | None, Row] = field(default_factory=dict)
    others: list[Row] = field(default_factory=list)

    @property
    def all(self) -> list[Row]:
        return [*self.own.values(), *self.others]

    def of(self, dashcard: Row) -> int | None:
        """The tab of a card that somebody put there: where there are tabs, Metabase refuses cards without one."""
        tab: int | None = dashcard.get("dashboard_tab_id")
        return self.all[0]["id"] if tab is None and self.all else tab

    def own_id(self, name: str | None) -> int | None:
        return self.own[name]["id"] if name in self.own else None


def arrange(matched: Matched, existing: Sequence[Row], taken: Set[int | None], on_fix: Callable[[str], None]) -> Tabs:
    """The tabs of a dashboard whose cards, and their existing dashcards, are `matched`. `taken` are the tabs on which
    people put cards; `on_fix` gets the name of each tab that is new or renamed."""
    rest = {int(tab["id"]): {"id": tab["id"], "name": tab["name"]} for tab in existing}
    names = list(dict.fromkeys(placed.tab for placed, _ in matched))
    own: dict[str | None, Row] = {}
    if names == [None]:
        # Somebody added tabs to a dashboard that is defined without: its cards stay on the first one.
        if rest:
            own[None] = rest.pop(next(iter(rest)))
        return Tabs(own, list(rest.values()))
    for place, name in enumerate(names, start=1):
        assert name
        number = _number(name, matched, rest, taken)
        if number is None:
            number = -place
        if rest.pop(number, {}).get("name") != name:
            on_fix(name)
        own[name] = {"id": number, "name": name}
    return Tabs(own, list(rest.values()))


def _number(name: str, matched: Matched, rest: dict[int, Row], taken: Set[int | None]) -> int | None:
    """The existing tab that is ours: of that name with our cards of that tab on it, else the oldest with the name or
    the cards, as what people add is younger. With the name alone and people's cards it is theirs."""
    cards = Counter(row["dashboard_tab_id"] for placed, row in matched if row and placed.tab == name)
    of_name = {number for number, tab in rest.items() if tab["name"] == name}
    both = of_name & cards.keys()
    if both:
        return max(both, key=lambda number: (cards[number], -number))
    with_cards = cards.keys() & rest.keys()
    return min(of_name | with_cards if with_cards else of_name - taken, default=None)
