"""One head for speech acts for all tests, learned over the encoder that they share."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.speech_acts.acts import ACTS
from ml.speech_acts.dataset import messages
from ml.speech_acts.features import features
from ml.speech_acts.fit import fit_features
from ml.speech_acts.head import Head
from ml.speech_acts.store import store
from tests.support.cache import made_by_ml
from tests.support.encoders import made_encoder
from tests.support.encoders import put_in_use as put_encoder_in_use
from warehouse.settings import Settings


def features_of_messages(server_settings: Settings) -> Floats:
    """The features (messages, features) of all labelled messages."""
    return np.asarray(np.load(_made(server_settings) / "features.npy"))


def learned_head(server_settings: Settings) -> Head:
    """The head as `python -m ml.encoder` learns it."""
    folder = _made(server_settings)
    return Head(ACTS, np.load(folder / "weights.npy"), np.load(folder / "bias.npy"))


def put_in_use(server_settings: Settings, settings: Settings) -> str:
    """Have a test's database use the encoder and its head. Returns the encoder's version."""
    version = put_encoder_in_use(server_settings, settings)
    store(learned_head(server_settings), version, settings)
    return version


def _made(server_settings: Settings) -> Path:
    def make(folder: Path) -> None:
        labelled = messages()
        encoder = Encoder(made_encoder(server_settings), "shared")
        vectors = features([message.text for message in labelled], encoder)
        head = fit_features(vectors, labelled)
        np.save(folder / "features.npy", vectors)
        np.save(folder / "weights.npy", head.weights)
        np.save(folder / "bias.npy", head.bias)

    return made_by_ml("speech-acts", (), make)
