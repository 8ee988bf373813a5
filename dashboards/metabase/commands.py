"""What the commands about Metabase print."""

from __future__ import annotations

import argparse

from dashboards.metabase import caching, exporting, provisioning
from dashboards.metabase.changes import Changes
from dashboards.metabase.client import sign_in
from warehouse.settings import get_settings


def plan(arguments: argparse.Namespace) -> None:
    """Say what provision would change; nothing is sent."""
    _print(provisioning.provision(get_settings(), is_plan=True), "provision would change nothing", "would ")


def provision(arguments: argparse.Namespace) -> None:
    """Bring Metabase in line with the definitions, and say what was changed."""
    _print(provisioning.provision(get_settings()), "nothing to change", "")


def export(arguments: argparse.Namespace) -> None:
    """Write a dashboard made in Metabase as a definition and its queries."""
    written = exporting.export(sign_in(get_settings(), set_up=False), arguments.id, arguments.folder, arguments.name)
    for path in written:
        print(path)


def clear_cache(arguments: argparse.Namespace) -> None:
    """Let Metabase forget its kept answers, or say why it does not."""
    print(caching.clear(get_settings()))


def _print(changes: Changes, nothing: str, prefix: str) -> None:
    for says in changes.said:
        print(f"{prefix}{says}")
    for says in changes.notes:
        print(f"note: {says}")
    version = changes.metabase.version
    print(f"Metabase 0.{version}: {len(changes.said)} changes" if changes.said else f"Metabase 0.{version}: {nothing}")
