"""One encoder for all tests of a run: made by the first that asks, of whichever process, and read by the others."""

from __future__ import annotations

import os
from pathlib import Path

from ml.encoder.export import make
from ml.encoder.store import StoredEncoder, read, store, write
from tests.conftest import RUN_STATE
from warehouse.settings import Settings
from warehouse.state import locked


def made_encoder(server_settings: Settings, quantised: bool = True) -> StoredEncoder:
    """The encoder as `python -m ml.encoder` makes it."""
    state = Path(os.environ[RUN_STATE])
    folder = state / ("made-encoder" if quantised else "made-encoder-float")
    with locked(state, "made-encoder"):
        if not folder.exists():
            write(make(server_settings, quantised), folder)
    return read(folder)


def put_in_use(server_settings: Settings, settings: Settings) -> str:
    """Have a test's database use the encoder. Returns its version."""
    return store(made_encoder(server_settings), settings)
