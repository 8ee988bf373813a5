"""A fingerprint of dbt's models and macros, by which a build recognises tables made by other code."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import yaml

from warehouse import migrate
from warehouse.shared_sql import FOLDER as SHARED_SQL

# Keeps quoted text, skips comments and white space. Jinja in a comment is compiled, so such comments are kept.
_SKIPPED = re.compile(
    r"""('[^']*'|"[^"]*") | (?: \s | \{\#.*?\#\} | /\*.*?\*/ | --(?![^\n]*\{[{%])[^\n]* )+""", re.DOTALL | re.VERBOSE
)


def code_version(project: Path) -> str:
    """The version of the dbt project in this folder, which does not depend on comments and white space. Every migration
    changes it, since a migration may drop views."""
    options = yaml.safe_load((project / "dbt_project.yml").read_text())
    digest = hashlib.sha256(json.dumps([options, migrate.newest_revision()], sort_keys=True).encode())
    for folder in (project / "models", project / "macros", SHARED_SQL):
        for path in sorted(folder.rglob("*.sql")):
            code = _SKIPPED.sub(lambda found: found[1] or " ", path.read_text()).strip()
            digest.update(f"{path.relative_to(folder).as_posix()} {code}".encode())
    return digest.hexdigest()[:16]
