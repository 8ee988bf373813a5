"""Prometheus metrics. `python -m webhook` sums them over its processes. Under another server, set
PROMETHEUS_MULTIPROC_DIR to an empty folder, else each process reports only its own."""

from __future__ import annotations

import os

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

blueprint = Blueprint("metrics", __name__)

REQUESTS = Counter("kabar_webhook_requests", "Requests answered", ["endpoint", "code"])
ROWS = Counter("kabar_webhook_rows", "Rows received, by outcome", ["outcome"])
BATCH_ROWS = Histogram(
    "kabar_webhook_batch_rows", "Rows per transaction", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
)
COMMIT_SECONDS = Histogram(
    "kabar_webhook_commit_seconds",
    "From the first insert of a transaction to its commit",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)


def committed(rows: int, seconds: float, counts: dict[str, int]) -> None:
    """Count a transaction and its rows by outcome."""
    BATCH_ROWS.observe(rows)
    COMMIT_SECONDS.observe(seconds)
    for outcome, count in counts.items():
        if count:
            ROWS.labels(outcome).inc(count)


@blueprint.get("/metrics")
def metrics() -> Response:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = REGISTRY
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
