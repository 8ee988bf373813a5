"""The models of sentiment for all tests, made once by the project's own texts and the encoder that tests share."""

from __future__ import annotations

from pathlib import Path

from ml.encoder.store import Encoder
from ml.sentiment import dataset, head, svm
from ml.sentiment.dataset import CLASSES, Kind
from ml.sentiment.model import Method, Model, content, restored
from ml.sentiment.registry import put_in_use
from tests.support import encoders
from tests.support.cache import made_by_ml
from tests.support.encoders import made_encoder
from warehouse.settings import Settings


def learned(kind: Kind, method: Method, server_settings: Settings) -> Model:
    """A model as `python -m ml.sentiment train` learns it."""
    encoder = Encoder(made_encoder(server_settings), made_encoder(server_settings).version)

    def make(folder: Path) -> None:
        examples, classes = dataset.training(kind), CLASSES[kind]
        texts = [example.text for example in examples]
        sentiments = [example.sentiment for example in examples]
        groups = [example.group for example in examples]
        if method == "svm":
            model = Model(kind, method, classes, svm.fit(texts, sentiments, classes, groups))
        else:
            fitted = head.fit(head.vectors(texts, encoder), sentiments, classes, groups)
            model = Model(kind, method, classes, fitted, encoder)
        (folder / "model.npz").write_bytes(content(model))

    folder = made_by_ml(f"sentiment-{kind}-{method}", (), make)
    archive = (folder / "model.npz").read_bytes()
    return restored(kind, method, archive, None if method == "svm" else encoder)


def use(kind: Kind, server_settings: Settings, settings: Settings) -> str:
    """Have a test's database use the model by the encoder. Returns its version."""
    encoders.put_in_use(server_settings, settings)
    return put_in_use(learned(kind, "encoder", server_settings), {}, "made for tests", settings)
