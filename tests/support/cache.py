"""What takes long to make and depends on nothing but files: kept between runs, under a name that tells those files."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from warehouse.settings import ROOT
from warehouse.state import locked

CACHE = ROOT / ".pytest_cache" / "kabar"
# What a model is made by and from: our code and data, and the packages that train it and carry its first weights.
_SOURCES = ("ml/**/*.py", "ml/**/*.yml", "ml/**/*.jsonl", "requirements/*.txt")


def made_by_ml(name: str, settings: object, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled from the code and data of `ml` with these settings; older ones are removed."""
    own = CACHE / name
    own.mkdir(parents=True, exist_ok=True)
    folder = own / _fingerprint(settings)
    with locked(own, "making"):
        if not folder.exists():
            for older in (path for path in own.iterdir() if path.is_dir()):
                shutil.rmtree(older)
            unfinished = own / "unfinished"
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


def _fingerprint(settings: object) -> str:
    digest = hashlib.sha256(repr(settings).encode())
    for path in sorted(path for pattern in _SOURCES for path in ROOT.glob(pattern)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
