"""One small training for all tests that need a model, and databases in which that model is in use."""

from __future__ import annotations

import pytest

from ml.classifier.registry import Model
from tests.support.classifiers import trained_classifier
from tests.support.scored_shop import Shop, put_in_use
from warehouse.settings import Settings


@pytest.fixture(scope="session")
def model(server_settings: Settings) -> Model:
    """A really trained model, the same for all tests."""
    return trained_classifier(server_settings)


@pytest.fixture
def settings_with_model(settings: Settings, model: Model) -> Settings:
    """A database of the test's own in which the model is in use."""
    put_in_use(model, settings)
    return settings


@pytest.fixture
def scored_shop(settings: Settings) -> Shop:
    return Shop(settings)
