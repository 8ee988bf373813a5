"""A fingerprint of dbt's models and macros, by which a build knows tables and views that other code made."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import yaml

from warehouse import migrate
from warehouse.shared_sql import FOLDER as SHARED_SQL

# Quoted text is kept; comments and white space are not. A comment that holds Jinja compiles like all else.
_SKIPPED = re.compile(
    r"""('[^']*'|"[^"]*") | (?: \s | \{\#.*?\#\} | /\*.*?\*/ | --(?![^\n]*\{[{%])[^\n]* )+""", re.DOTALL | re.VERBOSE
)


def code_version(project: Path) -> str:
    """Of the dbt project in this folder; the same for the same code, whatever its comments and line breaks. A migration
    makes another version, as it may have taken views with it."""
    options = yaml.safe_load((project / "dbt_project.yml").read_text())
    digest = hashlib.sha256(json.dumps([options, migrate.newest_revision()], sort_keys=True).encode())
    for folder in (project / "models", project / "macros", SHARED_SQL):
        for path in sorted(folder.rglob("*.sql")):
            digest.update(f"{path.relative_to(folder).as_posix()} {_without_comments(path.read_text())}".encode())
    return digest.hexdigest()[:16]


def _without_comments(text: str) -> str:
    return _SKIPPED.sub(lambda found: found[1] or " ", text).strip()
