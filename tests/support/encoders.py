"""One encoder for all tests: made by the first that asks, of whichever process, and read by the others."""

from __future__ import annotations

from pathlib import Path

from ml.encoder.store import store
from ml.onnx_model import OnnxModel, read, write
from tests.support.cache import made_by_ml
from warehouse.settings import Settings


def made_encoder(server_settings: Settings, quantised: bool = True) -> OnnxModel:
    """The encoder as `python -m ml.encoder` makes it."""

    def make(folder: Path) -> None:
        # Torch takes seconds to import, and most processes find the encoder made.
        from ml.encoder import export

        write(export.make(server_settings, quantised), folder / "encoder")

    return read(OnnxModel, made_by_ml("encoder" if quantised else "encoder-float", quantised, make) / "encoder")


def put_in_use(server_settings: Settings, settings: Settings) -> str:
    """Have a test's database use the encoder. Returns its version."""
    return store(made_encoder(server_settings), settings)
