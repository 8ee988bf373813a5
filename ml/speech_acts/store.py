"""Keeps heads in Postgres, one for each encoder, and loads the one of the encoder in use."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np

from ml import slang
from ml.encoder.store import encoder_in_use
from ml.speech_acts.acts import ACTS
from ml.speech_acts.dataset import FILE
from ml.speech_acts.features import CUES
from ml.speech_acts.head import Head, SpeechActs
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Role, Settings

_SQL = Path(__file__).parent / "sql"
_CODE = tuple(Path(__file__).with_name(name) for name in ("features.py", "fit.py"))


def speech_acts_in_use(settings: Settings, role: Role = "bot") -> SpeechActs | None:
    """What predicts acts with the encoder in use, read as `role` (`bot` or `scorer`); None without an encoder,
    or without a head that was learned for it by this version of the code and data."""
    encoder = encoder_in_use(settings, role)
    if encoder is None:
        return None
    head = load(encoder.version, settings, role)
    return SpeechActs(encoder, head) if head else None


def version_in_use(settings: Settings, role: Role = "bot") -> str | None:
    """The version of the encoder in use if there is a head for it, or None."""
    with connect(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "head_in_use.sql"), {"recipe": recipe()})
        row = cursor.fetchone()
    return str(row[0]) if row else None


def load(encoder_version: str, settings: Settings, role: Role = "bot") -> Head | None:
    """The head that was learned for an encoder by this version of the code and data, or None."""
    with connect(role, settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "head.sql"), {"version": encoder_version, "recipe": recipe()})
        row = cursor.fetchone()
    if row is None:
        return None
    acts, weights, bias = row
    return Head(tuple(acts), np.array(weights, dtype=np.float32), np.array(bias, dtype=np.float32))


def store(head: Head, encoder_version: str, settings: Settings) -> None:
    """Store the head of a stored encoder, in place of an earlier one."""
    row = {
        "version": encoder_version,
        "recipe": recipe(),
        "acts": list(head.acts),
        "weights": head.weights.tolist(),
        "bias": head.bias.tolist(),
    }
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "save_head.sql"), row)


@cache
def recipe() -> str:
    """A hash of what makes a head besides the encoder: the acts, the messages, and the code and words of the features
    and of the fit."""
    parts = [path.read_text(encoding="utf-8") for path in (FILE, CUES, slang.FILE, Path(slang.__file__), *_CODE)]
    return hashlib.sha256(json.dumps([ACTS, parts]).encode()).hexdigest()[:16]
