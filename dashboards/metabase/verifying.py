"""`verify`: whether a running Metabase matches the definitions and shows the same figures as the built-in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from dashboards import definition, filters
from dashboards.definition import Dashboard
from dashboards.filters import Filters
from dashboards.metabase import expected_figures, provisioning
from dashboards.metabase.client import Metabase, MetabaseRefused, Row
from dashboards.metabase.comparison import difference
from dashboards.metabase.expected_figures import MOST_ROWS, Expected
from dashboards.metabase.objects import managed
from dashboards.metabase.page_figures import Figures
from dashboards.metabase.query_templates import DAYS, tag_id
from dashboards.reader import Reader
from warehouse import connection
from warehouse.settings import Settings

TRIES = 2


@dataclass
class Verified:
    """Each of `differences` is a sentence; `compared` is the number of cards."""

    metabase: Metabase
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    compared: int = 0


def verify(
    settings: Settings,
    *,
    dashboards: Sequence[Dashboard] | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Verified:
    """Compare a Metabase with the definitions: what `provision` would change, and of each card the rows of the last 30
    days that have data in the default shop. `on_progress` gets how many cards were compared, of how many.

    Raises what `provision` raises, and the reader's NotBuilt and DatabaseAway.
    """
    shown = list(dashboards if dashboards is not None else definition.load_all())
    plan = provisioning.provision(settings, is_plan=True, dashboards=shown)
    verified = Verified(plan.metabase, [f"provision would {message}" for message in plan.messages], plan.notes)
    reader = Reader(connection.url("reader", settings))
    try:
        with reader.session() as session:
            extents = session.extents()
        chosen = filters.parse({}, extents, settings.default_store)
        expected = expected_figures.of(shown, chosen, extents[chosen.store], settings.metabase_language)
        numbers = {key: int(row["id"]) for key, row in managed(plan.metabase.listed("/api/card", f="all")).items()}
        for done, each in enumerate(expected, start=1):
            if each.key in numbers:
                verified.differences += _differences(plan.metabase, reader, numbers[each.key], each, chosen)
                verified.compared += 1
            else:
                verified.differences.append(f"the card {each.title} is not in Metabase")
            on_progress(done, len(expected))
    finally:
        reader.close()
    return verified


def _differences(metabase: Metabase, reader: Reader, number: int, expected: Expected, chosen: Filters) -> Iterator[str]:
    """What is wrong with a card. It is asked again if it differs: a build may have changed the figures in between."""
    found = None
    for _ in range(TRIES):
        before = _of_page(reader, expected)
        try:
            shown = _of_metabase(metabase, number, expected, chosen)
        except _Unanswered as reason:
            yield f"the card {expected.title} {reason}"
            return
        if len(before) > MOST_ROWS and len(shown) >= MOST_ROWS:
            return
        after = partial(_of_page, reader, expected)
        found = difference(before, shown, after, names_values=not expected.is_of_customers)
        if found is None:
            return
    yield f"the card {expected.title} shows other rows: {found}"


class _Unanswered(Exception):
    """A card shows no rows; says why."""


def _of_metabase(metabase: Metabase, number: int, expected: Expected, chosen: Filters) -> Figures:
    """What Metabase shows of a card. Raises _Unanswered."""
    try:
        result = metabase.send("POST", f"/api/card/{number}/query", {"parameters": _given(expected, chosen)})
    except MetabaseRefused as refused:
        raise _Unanswered(f"does not answer: {refused}") from refused
    if result.get("status") != "completed":
        raise _Unanswered(f"fails: {result.get('error')}")
    names = [column["name"] for column in result["data"]["cols"]]
    rows = [dict(zip(names, row, strict=True)) for row in result["data"]["rows"]]
    try:
        return expected.metabase(rows)
    except KeyError as missing:
        raise _Unanswered(f"has no column {missing}") from missing


def _of_page(reader: Reader, expected: Expected) -> Figures:
    # A transaction of its own: some figures depend on when it began.
    with reader.session() as session:
        return expected.page(session)


def _given(expected: Expected, chosen: Filters) -> list[Row]:
    """The values of a card's filters, as a dashboard passes them on."""
    values = {**chosen.parameters(), "wave": chosen.wave}
    return [
        {
            "id": tag_id(name),
            "type": "date/single" if name in DAYS else "string/=",
            "target": ["variable", ["template-tag", name]],
            "value": str(values[name]) if name in DAYS else [values[name]],
        }
        for name in sorted(expected.tags & values.keys())
    ]
