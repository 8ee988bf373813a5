"""The dashboards in Metabase with their cards, tabs and filters. What people add to them stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboards.definition import Dashboard, Language
from dashboards.metabase import dashboard_search, layout, parameters, tabs
from dashboards.metabase.client import Row
from dashboards.metabase.layout import MARK, Placed
from dashboards.metabase.objects import Changes, Desired, ensure, mail_of, matches
from dashboards.metabase.questions import Target, described, is_own_parameter
from dashboards.metabase.tabs import Tabs

_WRITABLE = (
    "id", "row", "col", "size_x", "size_y", "card_id", "action_id", "dashboard_tab_id", "parameter_mappings",
    "visualization_settings", "inline_parameters",
)  # fmt: skip


def key(dashboard: Dashboard) -> str:
    return f"dashboard/{dashboard.name}"


def ensure_all(
    changes: Changes, dashboards: Iterable[Dashboard], target: Target, cards: dict[str, int]
) -> dict[str, Row]:
    """Create or update the dashboards and return them by name, with their id, description and `dashcards`."""
    metabase, shown = changes.metabase, list(dashboards)
    found = dashboard_search.find(metabase, [key(dashboard) for dashboard in shown], target.collection)
    done = {}
    for dashboard in shown:
        row = found.get(key(dashboard))
        existing: Row = metabase.get(f"/api/dashboard/{row['id']}") if row else {}
        done[dashboard.name] = _ensure(changes, dashboard, target, cards, existing)
    return done


def _ensure(changes: Changes, dashboard: Dashboard, target: Target, cards: dict[str, int], existing: Row) -> Row:
    language = target.language
    own = [layout.parameter(filter_, target, cards) for filter_ in dashboard.filters]
    text = described(dashboard.title.to, dashboard.description, language)
    filters = parameters.desired(own, existing.get("parameters") or [])
    fields = {"collection_id": target.collection, "parameters": filters}
    desired = Desired("dashboard", key(dashboard), dashboard.title.to(language), text, fields)
    number = ensure(changes, desired, {desired.key: existing} if existing else {})
    update = _Update(dashboard, language, cards, existing)
    body = update.body()
    found = changes.write(update.messages, "PUT", f"/api/dashboard/{number}", body) if update.messages else existing
    return {**found, "id": number, "description": desired.body(number, mail_of(existing))["description"]}


@dataclass
class _Update:
    """The cards and tabs of one dashboard. `messages` are the differences, once `body` was called."""

    dashboard: Dashboard
    language: Language
    cards: dict[str, int]
    existing: Row
    messages: list[str] = field(default_factory=list)

    def body(self) -> Row:
        """All cards and tabs that the dashboard should have; Metabase deletes those that are left out."""
        existing = sorted(self.existing.get("dashcards") or [], key=lambda dashcard: int(dashcard["id"]))
        matched = []
        for placed in layout.arrange(self.dashboard, self.language):
            row = next((each for each in existing if self._is_same(placed, each)), None)
            existing = [each for each in existing if each is not row]
            matched.append((placed, row))
        marks = {None, *(placed.mark for placed, _ in matched)}
        # A mark that is there twice is on a copy, which belongs to whoever made it.
        theirs = [each for each in existing if _settings(each).get(MARK) in marks]
        removed = len(existing) - len(theirs)
        self.messages += [f"take a card that is defined no more off the dashboard {self._title}"] * removed
        found = tabs.arrange(
            matched, self.existing.get("tabs") or [], {each["dashboard_tab_id"] for each in theirs}, self._fix_tab
        )
        dashcards = [self._dashcard(placed, row, found, -place) for place, (placed, row) in enumerate(matched, start=1)]
        return {"dashcards": dashcards + self._moved_below(theirs, dashcards, found), "tabs": found.all}

    def _fix_tab(self, name: str) -> None:
        self.messages.append(f"fix the tab {name} of the dashboard {self._title}")

    @property
    def _title(self) -> str:
        return self.dashboard.title.to(self.language)

    def _card(self, placed: Placed) -> int | None:
        return self.cards[placed.mark] if placed.question else None

    def _is_same(self, placed: Placed, dashcard: Row) -> bool:
        """Whether a dashcard is the placed one: by our mark, or without a mark by its card or text."""
        settings = _settings(dashcard)
        if MARK in settings:
            return bool(settings[MARK] == placed.mark)
        text = "" if placed.question else placed.title
        return bool(dashcard["card_id"] == self._card(placed) and settings.get("text", "") == text)

    def _dashcard(self, placed: Placed, old: Row | None, tabs: Tabs, new_id: int) -> Row:
        number, title = self._card(placed), placed.title
        mappings = layout.mappings(self.dashboard, placed.question, number) if placed.question and number else []
        settings = layout.settings_of(placed, self.dashboard, self.cards, self.language)
        position = {
            "card_id": number, "row": placed.row, "col": placed.column, "size_x": placed.size[0],
            "size_y": placed.size[1], "dashboard_tab_id": tabs.own_id(placed.tab),
        }  # fmt: skip
        if old is None:
            self.messages.append(f"put {title} on the dashboard {self._title}")
            created = {"id": new_id, **position, "parameter_mappings": mappings, "series": []}
            return {**created, "visualization_settings": settings}
        old_mappings = old["parameter_mappings"] or []
        mappings += [each for each in old_mappings if not is_own_parameter(each["parameter_id"])]
        if not matches(old, position):
            self.messages.append(f"put {title} back in its place on the dashboard {self._title}")
        if not matches(old["visualization_settings"], settings):
            self.messages.append(f"fix the settings of {title} on the dashboard {self._title}")
        if not parameters.same_mappings(old_mappings, mappings):
            self.messages.append(f"wire the filters of {title} on the dashboard {self._title}")
        settings = _merged(_settings(old), settings)
        return {**_writable(old), **position, "parameter_mappings": mappings, "visualization_settings": settings}

    def _moved_below(self, theirs: list[Row], own: list[Row], tabs: Tabs) -> list[Row]:
        """What people put on the dashboard. Only what one of our cards would cover moves, to below everything else."""
        kept: list[Row] = []
        for old in theirs:
            dashcard = {**old, "dashboard_tab_id": tabs.of(old)}
            same_tab = [each for each in own + kept if each["dashboard_tab_id"] == dashcard["dashboard_tab_id"]]
            row = dashcard["row"]
            if any(_overlap(dashcard, each) for each in own if each in same_tab):
                row = max(each["row"] + each["size_y"] for each in same_tab)
                self.messages.append(f"make room for what was put on the dashboard {self._title} by hand")
            kept.append({**_writable(dashcard), "row": row})
        return kept


def _settings(dashcard: Row) -> Row:
    return dashcard.get("visualization_settings") or {}


def _tab(number: int, name: str) -> Row:
    return {"id": number, "name": name}


def _writable(dashcard: Row) -> Row:
    """A dashcard with the keys that Metabase accepts back."""
    writable = {name: dashcard[name] for name in _WRITABLE if name in dashcard}
    return {**writable, "series": [{"id": card["id"]} for card in dashcard.get("series") or []]}


def _merged(old: Row, settings: Row) -> Row:
    """The settings of a dashcard, with what people set of other columns or for other purposes."""
    columns = {
        name: {**(old.get("column_settings") or {}).get(name, {}), **column}
        for name, column in (settings.get("column_settings") or {}).items()
    }
    both = {**(old.get("column_settings") or {}), **columns}
    return {**old, **settings, **({"column_settings": both} if both else {})}


def _overlap(one: Row, other: Row) -> bool:
    return bool(
        one["col"] < other["col"] + other["size_x"]
        and other["col"] < one["col"] + one["size_x"]
        and one["row"] < other["row"] + other["size_y"]
        and other["row"] < one["row"] + one["size_y"]
    )
