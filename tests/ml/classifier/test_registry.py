"""The registry: what is put in comes out the same, one model is in use, and every decision is written down."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace

import psycopg2
import pytest

from ml.classifier import registry
from ml.classifier.registry import ChampionChanged, Decision, Model, NoModelInUse
from warehouse.connection import url
from warehouse.settings import Settings
from warehouse.state import state_dir

MODEL = Model(b"weights \x00 of one", '{"pieces": [["a", -1.25]]}', {"issues": ["other"], "rate": 1e-05}, "a-base", {})


def _named(name: str) -> Model:
    return replace(MODEL, onnx=name.encode())


def _decide(challenger: Model, champion: Model | None, promoted: bool, settings: Settings) -> None:
    registry.save(challenger, settings)
    version = champion.version if champion else None
    registry.record(Decision(challenger.version, version, promoted, "because", {"a": 1}, None), settings)


def _in_use(settings: Settings) -> list[str]:
    with psycopg2.connect(url("owner", settings)) as connection, connection.cursor() as cursor:
        cursor.execute("select model_version from ml.models where in_use")
        return [version for (version,) in cursor]


def test_nothing_in_use_names_the_command_that_trains(settings: Settings) -> None:
    assert registry.version_in_use(settings) is None
    with pytest.raises(NoModelInUse, match=r"python -m ml\.train"):
        registry.model_in_use(settings)


def test_a_model_comes_back_the_same_from_postgres_alone(settings: Settings) -> None:
    _decide(MODEL, None, True, settings)
    for _ in range(2):  # from Postgres, then from the copy on disk
        loaded = registry.model_in_use(settings)
        assert (loaded.onnx, loaded.configuration, loaded.version) == (MODEL.onnx, MODEL.configuration, MODEL.version)
    shutil.rmtree(state_dir(settings) / "models" / MODEL.version)
    assert registry.model_in_use(settings).version == MODEL.version


def test_a_registered_model_is_not_in_use_until_promoted(settings: Settings) -> None:
    registry.save(MODEL, settings)
    assert _in_use(settings) == []


def test_saving_the_same_model_again_changes_nothing(settings: Settings) -> None:
    _decide(MODEL, None, True, settings)
    registry.save(MODEL, settings)
    assert _in_use(settings) == [MODEL.version]


def test_a_promotion_replaces_the_champion_and_a_refusal_does_not(settings: Settings) -> None:
    first, second, third = _named("first"), _named("second"), _named("third")
    _decide(first, None, True, settings)
    _decide(second, first, True, settings)
    _decide(third, second, False, settings)
    assert _in_use(settings) == [second.version]


def test_a_decision_against_a_champion_that_is_gone_is_refused_whole(settings: Settings) -> None:
    first, second, late = _named("first"), _named("second"), _named("late")
    _decide(first, None, True, settings)
    _decide(second, first, True, settings)
    with pytest.raises(ChampionChanged):
        _decide(late, first, True, settings)
    assert _in_use(settings) == [second.version]


def test_of_two_promotions_at_once_one_wins(settings: Settings) -> None:
    contenders = [_named(f"contender {number}") for number in range(4)]
    refused: list[str] = []

    def promote(model: Model) -> None:
        try:
            _decide(model, None, True, settings)
        except ChampionChanged:
            refused.append(model.version)

    threads = [threading.Thread(target=promote, args=(model,)) for model in contenders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert set(_in_use(settings)) == {model.version for model in contenders} - set(refused)


def test_an_unknown_version_is_an_error(settings: Settings) -> None:
    with pytest.raises(KeyError):
        registry.load("no such version", settings)
