"""Runs the suites with Great Expectations and writes its Data Docs.

The library takes seconds to import, so it is imported only when a validation runs. Results hold counts, never values.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

from expectations.verdict import Reason

SUITES = Path(__file__).parent / "suites"
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0, "exclude_unexpected_values": True}
ROW_ID = "row_id"


class ValidationBroken(RuntimeError):
    """An expectation could not be evaluated; the message names the suite and the expectation."""


def suite_names() -> list[str]:
    """The names of the suites and of their queries."""
    return sorted(path.stem for path in SUITES.glob("*.json"))


def run(url: str, queries: dict[str, str], docs: Path) -> list[Reason]:
    """Run every suite on the rows of its query, and write the Data Docs to the empty folder `docs`. `url` is a
    `postgresql://` URL, `queries` holds complete SQL by suite. Returns unmet expectations. Raises ValidationBroken."""
    context = _context()
    context.add_data_docs_site("local", _site(docs))
    results = _checkpoint(context, url, queries, COUNTS_ONLY, data_docs=True).run().run_results.values()
    return [reason for result in results for reason in _reasons(result)]


def failing_rows(url: str, queries: dict[str, str], most: int) -> dict[str, dict[str, str]]:
    """By suite, the ids of rows for which a critical expectation does not hold, with what is expected of them: at most
    `most` of each expectation. Each query has a column `row_id`."""
    ids_only = {
        "result_format": "COMPLETE",
        "partial_unexpected_count": most,
        "unexpected_index_column_names": [ROW_ID],
        "exclude_unexpected_values": True,
        "return_unexpected_index_query": False,
    }
    found: dict[str, dict[str, str]] = {}
    for result in _checkpoint(_context(), url, queries, ids_only).run().run_results.values():
        rows = found.setdefault(result.suite_name, {})
        for one in result.results:
            if one.expectation_config.severity.value == "critical":
                for ids in one.result.get("unexpected_index_list") or []:
                    rows.update((str(row_id), one.expectation_config.description) for row_id in ids[ROW_ID])
    return found


def _context() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for site in list(context.get_site_names()):
        context.delete_data_docs_site(site)
    return context


def _checkpoint(
    context: Any, url: str, queries: dict[str, str], result_format: dict[str, Any], data_docs: bool = False
) -> Any:
    import great_expectations as gx
    from great_expectations.checkpoint.actions import UpdateDataDocsAction

    driver_url = url.replace("postgresql://", "postgresql+psycopg2://", 1)
    source = context.data_sources.add_postgres("warehouse", connection_string=driver_url)
    definitions = []
    for name, query in queries.items():
        batch = source.add_query_asset(name, query=query).add_batch_definition_whole_table("whole")
        suite = context.suites.add(_suite(name))
        definitions.append(
            context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
        )
    return context.checkpoints.add(
        gx.Checkpoint(
            name="landed",
            validation_definitions=definitions,
            actions=[UpdateDataDocsAction(name="data_docs")] if data_docs else [],
            result_format=result_format,
        )
    )


def _suite(name: str) -> Any:
    import great_expectations as gx

    definition = json.loads((SUITES / f"{name}.json").read_text())
    suite = gx.ExpectationSuite(**definition)
    # The library only logs expectations that it cannot parse.
    if len(suite.expectations) != len(definition["expectations"]):
        raise ValidationBroken(f"Great Expectations cannot parse an expectation of suite {name}")
    return suite


def _site(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def _reasons(result: Any) -> list[Reason]:
    return [_reason(result.suite_name, one) for one in result.results if not one.success]


def _reason(suite: str, one: Any) -> Reason:
    configuration = one.expectation_config
    if one.exception_info.get("raised_exception", "raised_exception" not in one.exception_info):
        raise ValidationBroken(f"suite {suite} could not evaluate {configuration.type}")
    column = configuration.kwargs.get("column") or configuration.kwargs["column_A"]
    return Reason(
        suite=suite,
        expectation=configuration.type,
        column=column,
        severity=configuration.severity.value,
        why=configuration.description,
        observed=one.result.get("observed_value"),
        unexpected_count=one.result.get("unexpected_count"),
        unexpected_percent=one.result.get("unexpected_percent"),
    )
