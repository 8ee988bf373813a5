"""The dashboards in Metabase, with their cards, tabs and wired filters. What people put on them stays where it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboards.definition import Dashboard, Language
from dashboards.metabase import placing
from dashboards.metabase.changes import Changes, holds
from dashboards.metabase.client import Row
from dashboards.metabase.markers import ours
from dashboards.metabase.objects import Wanted, ensure
from dashboards.metabase.placing import MARK, Placed
from dashboards.metabase.questions import Target
from warehouse.i18n import languages

_KEPT = (
    "id", "row", "col", "size_x", "size_y", "card_id", "action_id", "dashboard_tab_id", "parameter_mappings",
    "visualization_settings", "inline_parameters",
)  # fmt: skip


def key(dashboard: Dashboard) -> str:
    return f"dashboard/{dashboard.name}"


def ensure_all(
    changes: Changes, dashboards: Iterable[Dashboard], target: Target, cards: dict[str, int]
) -> dict[str, Row]:
    """The dashboards by name, with their number and their `dashcards`, made or mended if need be."""
    listed = changes.metabase.listed("/api/dashboard", f="all") + changes.metabase.listed(
        "/api/dashboard", f="archived"
    )
    found = ours(listed)
    done = {}
    for dashboard in dashboards:
        row = found.get(key(dashboard))
        full: Row = changes.metabase.get(f"/api/dashboard/{row['id']}") if row else {}
        done[dashboard.name] = _ensure(changes, dashboard, target, cards, full)
    return done


def _ensure(changes: Changes, dashboard: Dashboard, target: Target, cards: dict[str, int], existing: Row) -> Row:
    language = target.language
    parameters = placing.parameters(dashboard, target, cards)
    own = {parameter["id"] for parameter in parameters}
    theirs = [each for each in existing.get("parameters") or [] if not each["id"].startswith("kabar_")]
    others = [
        f"{dashboard.title.to(each)}: {dashboard.description.to(each)}" for each in languages() if each != language
    ]
    wanted = Wanted(
        "dashboard",
        key(dashboard),
        dashboard.title.to(language),
        "\n\n".join([dashboard.description.to(language), *others]),
        {"collection_id": target.collection, "parameters": parameters + theirs},
    )
    number = ensure(changes, wanted, {wanted.key: existing} if existing else {})
    board = _Board(dashboard, language, cards, existing, own)
    body = board.body()
    if not board.says:
        return existing
    answer = changes.write(board.says, "PUT", f"/api/dashboard/{number}", body)
    return {**answer, "id": number}


@dataclass
class _Board:
    """One dashboard as it stands and as it should be. `says` is what differs, once `body` was asked for."""

    dashboard: Dashboard
    language: Language
    cards: dict[str, int]
    existing: Row
    own_parameters: set[str]
    says: list[str] = field(default_factory=list)

    def body(self) -> Row:
        """What makes the dashboard as it should be: all its cards and tabs."""
        placed = placing.place(self.dashboard, self.language)
        there = sorted(self.existing.get("dashcards") or [], key=lambda dashcard: int(dashcard["id"]))
        taken: set[int] = set()
        matched = [(each, _match(each, self._card(each), there, taken)) for each in placed]
        tabs = self._tabs(matched)
        dashcards = [self._dashcard(each, old, tabs, -place) for place, (each, old) in enumerate(matched, start=1)]
        for dashcard in there:
            if dashcard["id"] not in taken and MARK in (dashcard.get("visualization_settings") or {}):
                self.says.append(f"take a card that is defined no more off the dashboard {self._title}")
        theirs = [
            dashcard
            for dashcard in there
            if dashcard["id"] not in taken and MARK not in (dashcard.get("visualization_settings") or {})
        ]
        dashcards += self._below(theirs, dashcards)
        return {"dashcards": dashcards, "tabs": list(tabs.values())}

    @property
    def _title(self) -> str:
        return self.dashboard.title.to(self.language)

    def _card(self, placed: Placed) -> int | None:
        return self.cards[placed.mark] if placed.question else None

    def _tabs(self, matched: list[tuple[Placed, Row | None]]) -> dict[str | None, Row]:
        """The tabs by the name that `placed` has for them, those that people made at the end."""
        old: dict[int, Row] = {tab["id"]: tab for tab in self.existing.get("tabs") or []}
        tabs: dict[str | None, Row] = {}
        names = list(dict.fromkeys(placed.tab for placed, _ in matched))
        if names == [None]:
            # Somebody gave a dashboard tabs that has none of its own: its cards stay on the first.
            rest = {tab["name"]: _tab(tab["id"], tab["name"]) for tab in old.values()}
            first = {None: next(iter(rest.values()))} if rest else {}
            return {**first, **{name: tab for name, tab in rest.items() if tab not in first.values()}}
        for place, name in enumerate(names, start=1):
            same = [tab["id"] for tab in old.values() if tab["name"] == name]
            holding = [
                row["dashboard_tab_id"]
                for placed, row in matched
                if placed.tab == name and row and row["dashboard_tab_id"] in old
            ]
            number = next(iter(same + holding), -place)
            if number < 0 or old[number]["name"] != name:
                self.says.append(f"mend the tab {name} of the dashboard {self._title}")
            old.pop(number, None)
            tabs[name] = _tab(number, str(name))
        return tabs | {tab["name"]: _tab(tab["id"], tab["name"]) for tab in old.values()}

    def _dashcard(self, placed: Placed, old: Row | None, tabs: dict[str | None, Row], new_id: int) -> Row:
        number = self._card(placed)
        title, question = placed.title, placed.question
        mappings = placing.mappings(self.dashboard, question, number) if question and number is not None else []
        wanted = placing.settings_of(placed, self.dashboard, self.cards, self.language)
        position = {
            "row": placed.row, "col": placed.column, "size_x": placed.size[0], "size_y": placed.size[1],
            "dashboard_tab_id": tabs[placed.tab]["id"] if placed.tab in tabs else None,
        }  # fmt: skip
        if old is None:
            self.says.append(f"put {title} on the dashboard {self._title}")
            return {"id": new_id, "card_id": number, **position, "parameter_mappings": mappings,
                    "visualization_settings": wanted, "series": []}  # fmt: skip
        theirs = [each for each in old["parameter_mappings"] or [] if each["parameter_id"] not in self.own_parameters]
        theirs = [each for each in theirs if not each["parameter_id"].startswith("kabar_")]
        settings = {**(old["visualization_settings"] or {}), **wanted}
        kept = _kept(old) | {"card_id": number, **position}
        if not holds(old, {"card_id": number, **position}):
            self.says.append(f"put {title} back in its place on the dashboard {self._title}")
        if not holds(old["visualization_settings"], wanted):
            self.says.append(f"mend the settings of {title} on the dashboard {self._title}")
        if not _same_mappings(old["parameter_mappings"] or [], mappings + theirs):
            self.says.append(f"wire the filters of {title} on the dashboard {self._title}")
        return {**kept, "parameter_mappings": mappings + theirs, "visualization_settings": settings}

    def _below(self, theirs: list[Row], own: list[Row]) -> list[Row]:
        """What people put on the dashboard; only what would lie under a card of ours moves below all."""
        kept: list[Row] = []
        for dashcard in theirs:
            same_tab = [each for each in own + kept if each["dashboard_tab_id"] == dashcard["dashboard_tab_id"]]
            row = dashcard["row"]
            if any(_overlap(dashcard, each) for each in own if each in same_tab):
                row = max(each["row"] + each["size_y"] for each in same_tab)
                self.says.append(f"make room for what was put on the dashboard {self._title} by hand")
            kept.append({**_kept(dashcard), "row": row})
        return kept


def _match(placed: Placed, number: int | None, there: list[Row], taken: set[int]) -> Row | None:
    """The dashcard that is this one already, by our mark, else by its card or text; it is taken then."""

    text = "" if placed.question else placed.title

    def fits(dashcard: Row) -> bool:
        settings = dashcard.get("visualization_settings") or {}
        if MARK in settings:
            return bool(settings[MARK] == placed.mark)
        return bool(dashcard["card_id"] == number and settings.get("text", "") == text)

    found = next((each for each in there if each["id"] not in taken and fits(each)), None)
    if found:
        taken.add(found["id"])
    return found


def _tab(number: int, name: str) -> Row:
    return {"id": number, "name": name}


def _kept(dashcard: Row) -> Row:
    """A dashcard with the keys that Metabase takes back."""
    kept = {name: dashcard[name] for name in _KEPT if name in dashcard}
    return {**kept, "series": [{"id": card["id"]} for card in dashcard.get("series") or []]}


def _same_mappings(existing: list[Row], wanted: list[Row]) -> bool:
    def by_parameter(mapping: Row) -> str:
        return str(mapping["parameter_id"])

    return holds(sorted(existing, key=by_parameter), sorted(wanted, key=by_parameter))


def _overlap(one: Row, other: Row) -> bool:
    return bool(
        one["col"] < other["col"] + other["size_x"]
        and other["col"] < one["col"] + one["size_x"]
        and one["row"] < other["row"] + other["size_y"]
        and other["row"] < one["row"] + one["size_y"]
    )
