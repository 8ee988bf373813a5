"""Generates the queries of cards that only show KPIs, from the KPIs' definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from dashboards import kpi_definitions
from dashboards.kpi_definitions import Definition
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
_BY_CHANNEL = """{table}.dimension
    = case %(channel)s when 'all' then 'all' else 'channel' end
    and {table}.dimension_value = %(channel)s"""


def facts(name: str) -> str:
    """The query of a fact's rows for the drill-down, with the filters' parameters as `%(name)s`. `%(flags)s` stands for
    the columns that the conditions of the fact's KPIs use."""
    kpis = [kpi for kpi in kpi_definitions.load().values() if kpi.fact == name]
    conditions = [condition for kpi in kpis for condition in (*(kpi.denominator or ()), *(kpi.numerator or ()))]
    flags = dict.fromkeys(f"fct_{name}.{condition.partition(' ')[0]}" for condition in conditions)
    return read_sql(_SQL / "facts" / f"{name}.sql").replace("%(flags)s", ",\n    ".join(flags))


def number(kpi: Definition) -> str:
    """A KPI over the whole period. It is computed from the rows of the drill-down if it is not the sum of its days, or
    if an issue or a language is chosen."""
    if kpi.percentile is not None or not kpi.of.adds_up:
        return _rows(kpi)
    if "%(issue)s" in facts(kpi.fact):
        return _filled("days_or_rows", days=_days(kpi), rows=_rows(kpi))
    return _days(kpi)


def lines(kpis: Iterable[Definition]) -> str:
    """KPIs by day, each as a series."""
    return _filled("lines", of_kpis=_of(list(kpis)))


def months(columns: Mapping[str, Definition]) -> str:
    """KPIs by month, each as a column."""
    kpis = list(columns.values())
    values = [
        f"max(kpi_monthly.value) filter (\n        where kpi_monthly.metric = '{kpi.metric}'\n    ) as {name}"
        for name, kpi in columns.items()
    ]
    return _filled(
        "months", columns=",\n    ".join(values), metrics=_listed(kpis), dimension=_dimension(kpis, "kpi_monthly")
    )


def shared(name: str, **values: str) -> str:
    """A query that several cards share, `sql/shared/<name>.template`, with the values in which they differ."""
    return read_sql(_SQL / "shared" / f"{name}.template").format(**values).rstrip()


def _days(kpi: Definition) -> str:
    numerator, denominator = "sum(kpi_daily.numerator)", "sum(kpi_daily.denominator)"
    value = numerator if kpi.denominator is None else f"{numerator} / {denominator}"
    return _filled("days", value=f"100 * {value}" if kpi.unit == "percent" else value, of_kpi=_of([kpi]))


def _rows(kpi: Definition) -> str:
    numerator, denominator, value = _figures(kpi)
    conditions = kpi.numerator if kpi.denominator is None else kpi.denominator
    return _filled(
        "rows",
        numerator=numerator,
        denominator=denominator,
        value=value,
        of_kpi=_of([kpi], kpi.final_with).replace("\n    ", "\n            "),
        facts=facts(kpi.fact).rstrip(),
        conditions=all_of(conditions or []),
    )


def _figures(kpi: Definition) -> tuple[str, str, str]:
    """Numerator, denominator and value over the rows that meet the conditions."""
    if kpi.percentile is not None:
        return (
            "null::numeric",
            "count(*)",
            f"percentile_cont({kpi.percentile}) within group (\n        order by facts.{kpi.measure}\n    )",
        )
    numerator = f"sum(facts.{kpi.measure})" if kpi.measure else "count(*)"
    if kpi.denominator is None:
        return numerator, "null::numeric", numerator
    if kpi.numerator:
        numerator = f"{numerator} filter (where {all_of(kpi.numerator)})"
    factor = "100.0 * " if kpi.unit == "percent" else ""
    return numerator, "nullif(count(*), 0)", f"{factor}{numerator}\n    / nullif(count(*), 0)"


def all_of(conditions: Iterable[str]) -> str:
    """The SQL condition that a row meets all conditions. They were validated when the definitions were read."""
    return "\n    and ".join(f"facts.{condition}" for condition in conditions) or "true"


def _of(kpis: list[Definition], instead: str | None = None) -> str:
    metrics = f"'{instead}'" if instead else _listed(kpis)
    return (
        "kpi_daily.store_id = %(store)s\n    and kpi_daily.day between %(from_day)s and %(to_day)s\n"
        f"    and kpi_daily.metric in ({metrics})\n    and {_dimension(kpis, 'kpi_daily')}"
    )


def _listed(kpis: Iterable[Definition]) -> str:
    return ", ".join(f"'{kpi.metric}'" for kpi in kpis)


def _dimension(kpis: Iterable[Definition], table: str) -> str:
    """The condition for the chosen channel, if the KPIs have channels."""
    if all("channel" in kpi.dimensions for kpi in kpis):
        return _BY_CHANNEL.format(table=table)
    return f"{table}.dimension = 'all'"


def _filled(name: str, **parts: str) -> str:
    return read_sql(_SQL / "kpi" / f"{name}.template").format(**parts).rstrip()
