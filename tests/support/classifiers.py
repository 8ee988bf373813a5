"""One small trained classifier for all tests."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from ml.classifier.fine_tune import Configuration
from ml.classifier.registry import Model
from tests.support.cache import made_by_ml
from warehouse.settings import Settings

# Fewer trained layers and epochs than in earnest: a third of the time for a few points of quality.
SMALL = replace(Configuration(), frozen_layers=9, epochs=5, learning_rate=4e-4)


def trained_classifier(server_settings: Settings) -> Model:
    """A really trained model, from the cache if nothing that it was made from has changed."""

    def make(folder: Path) -> None:
        from ml.classifier.retrain import train_model

        model = train_model(server_settings, SMALL)
        (folder / "model.onnx").write_bytes(model.onnx)
        (folder / "model.json").write_text(json.dumps({**asdict(model), "onnx": None}))

    folder = made_by_ml("classifier", SMALL, make)
    kept = json.loads((folder / "model.json").read_text())
    return Model(**{**kept, "onnx": (folder / "model.onnx").read_bytes()})
