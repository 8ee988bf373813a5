"""Training and deciding: from any DistilBERT, exported faithfully, and the better model wins for a stated reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import psycopg2
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing
from tokenizers.trainers import WordPieceTrainer
from transformers import DistilBertConfig, DistilBertModel, PreTrainedTokenizerFast

from ml.classifier import dataset, registry
from ml.classifier.fine_tune import Configuration, train
from ml.classifier.predict import Predictor
from ml.classifier.registry import Model
from ml.classifier.retrain import judge, judged, retrain
from ml.encoder.base import load_base
from ml.encoder.onnx_export import to_onnx
from tests.support.scored_shop import put_in_use
from warehouse.connection import url
from warehouse.settings import ROOT, Settings

pytestmark = pytest.mark.timeout(900)  # whoever comes first trains the model

ONE_EPOCH = replace(Configuration(), epochs=1, frozen_layers=0)


@pytest.fixture(scope="module")
def tiny_distilbert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DistilBERT of two small layers with random weights and a WordPiece tokenizer, saved as a hub has it."""
    folder = tmp_path_factory.mktemp("base") / "tiny-distilbert"
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = Tokenizer(WordPiece(unk_token="[UNK]"))
    pieces.normalizer = BertNormalizer()
    pieces.pre_tokenizer = BertPreTokenizer()
    trainer = WordPieceTrainer(vocab_size=500, special_tokens=special, show_progress=False)
    pieces.train_from_iterator([message.text for message in dataset.training_messages()], trainer)
    pieces.post_processor = BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=pieces, pad_token="[PAD]", unk_token="[UNK]")
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = DistilBertConfig(vocab_size=pieces.get_vocab_size(), dim=32, n_heads=2, n_layers=2, hidden_dim=64)
    DistilBertModel(config).save_pretrained(folder)
    return folder


def _decisions(settings: Settings) -> list[tuple[bool, str]]:
    with psycopg2.connect(url("owner", settings)) as connection, connection.cursor() as cursor:
        cursor.execute("select promoted, reason from ml.model_decisions order by decision_id")
        return cursor.fetchall()


def _confused(model: Model) -> Model:
    """The model with its issues' names moved round by one: it knows as much and says it all wrong."""
    issues = model.configuration["issues"]
    wrong = replace(model, configuration={**model.configuration, "issues": [*issues[1:], issues[0]]})
    return replace(wrong, metrics=judged(wrong))


def test_any_distilbert_can_be_the_base(settings: Settings, tiny_distilbert: Path) -> None:
    settings = settings.model_copy(update={"base_model": str(tiny_distilbert)})
    decision = retrain(settings, ONE_EPOCH)
    assert decision.promoted
    in_use = registry.model_in_use(settings)
    assert in_use.base_model == "tiny-distilbert"
    (label,) = Predictor(in_use).label(["where is my parcel"])
    assert label.model_version == decision.challenger


# Weights of one byte are allowed to move a logit a little.
@pytest.mark.parametrize(("quantised", "tolerance"), [(False, 1e-4), (True, 0.05)])
def test_the_export_answers_as_the_trained_model_does(
    settings: Settings, tiny_distilbert: Path, quantised: bool, tolerance: float
) -> None:
    base = load_base(settings.model_copy(update={"base_model": str(tiny_distilbert)}))
    trained = train(base, dataset.training_messages()[::12], ONE_EPOCH)
    session = onnxruntime.InferenceSession(to_onnx(trained.model, ["issue", "urgency"], quantised))
    torch.manual_seed(3)
    for shape in [(1, 2), (3, 17), (5, 128)] * 20:
        ids = torch.randint(5, 400, shape)
        mask = (torch.arange(shape[1]) < torch.randint(1, shape[1] + 1, (shape[0], 1))).long()
        with torch.no_grad():
            expected = trained.model(ids, mask)
        answers = session.run(["issue", "urgency"], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        for one, other in zip(expected, answers, strict=True):
            assert np.isfinite(one.numpy()).all()
            np.testing.assert_allclose(one.numpy(), np.asarray(other), atol=tolerance)


def test_the_same_seed_trains_the_same_model(settings: Settings, tiny_distilbert: Path) -> None:
    settings = settings.model_copy(update={"base_model": str(tiny_distilbert)})
    first, second = retrain(settings, ONE_EPOCH), retrain(settings, ONE_EPOCH)
    assert second.challenger == first.challenger
    assert not second.promoted
    assert registry.version_in_use(settings) == first.challenger


def test_a_better_challenger_is_promoted_with_the_reason(settings: Settings, model: Model) -> None:
    put_in_use(_confused(model), settings)
    registry.save(model, settings)
    decision = judge(model, settings)
    assert decision.promoted
    assert "gain" in decision.reason
    assert registry.version_in_use(settings) == model.version
    assert _decisions(settings)[-1] == (True, decision.reason)


def test_a_worse_challenger_is_refused_with_the_reason(settings_with_model: Settings, model: Model) -> None:
    worse = _confused(model)
    registry.save(worse, settings_with_model)
    decision = judge(worse, settings_with_model)
    assert not decision.promoted
    assert "macro F1 of issue falls" in decision.reason
    assert registry.version_in_use(settings_with_model) == model.version
    assert _decisions(settings_with_model)[-1] == (False, decision.reason)


def test_a_challenger_that_is_no_better_is_refused(settings_with_model: Settings, model: Model) -> None:
    same = replace(model, configuration={**model.configuration, "note": "the same weights under another name"})
    registry.save(same, settings_with_model)
    decision = judge(same, settings_with_model)
    assert not decision.promoted
    assert "margin" in decision.reason


def test_training_if_missing_leaves_a_model_in_use_alone(settings_with_model: Settings, model: Model) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "ml.train", "--if-missing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert model.version in done.stdout
    # nobody waits for torch to hear that there is nothing to do
    assert "psycopg2" in done.stderr
    assert "torch" not in done.stderr


def test_training_if_missing_trains_when_nothing_is_in_use(settings: Settings, tiny_distilbert: Path) -> None:
    command = [sys.executable, "-m", "ml.train", "--if-missing"]
    environment = {**os.environ, "KABAR_BASE_MODEL": str(tiny_distilbert)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr
    version = registry.version_in_use(settings)
    assert version is not None
    assert version in done.stdout
    assert json.loads(registry.load(version, settings).tokenizer)["model"]["type"] == "WordPiece"
