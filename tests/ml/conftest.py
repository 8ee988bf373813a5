"""One small training for all tests that need a model, and databases in which that model is in use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ml.classifier.fine_tune import Configuration
from ml.classifier.registry import Model
from ml.classifier.retrain import train_model
from tests.ml.shop import Shop, put_in_use
from warehouse.settings import Settings

# Fewer trained layers and epochs than in earnest: a third of the time for a few points of quality.
SMALL = replace(Configuration(), frozen_layers=9, epochs=5, learning_rate=4e-4)


@pytest.fixture(scope="session")
def model(server_settings: Settings) -> Model:
    """A really trained model. The tests that ask for it share one xdist group, so it is trained once a run."""
    return train_model(server_settings, SMALL)


@pytest.fixture
def settings_with_model(settings: Settings, model: Model) -> Settings:
    """A database of the test's own in which the model is in use."""
    put_in_use(model, settings)
    return settings


@pytest.fixture
def shop(settings: Settings) -> Shop:
    return Shop(settings)
