"""Fine-tuning a very small encoder: it learns, its export predicts as torch does, and it has to win to be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import DistilBertConfig, DistilBertModel, PreTrainedTokenizerFast

from ml.encoder.base import Base
from ml.encoder.fine_tuning import Hyperparameters
from ml.encoder.store import DIMENSION, Encoder, encoder_in_use, version_in_use
from ml.sentiment import dataset, evaluate
from ml.sentiment.fine_tune import FineTuned, Vectors, fine_tune
from ml.sentiment.head import vectors
from ml.sentiment.registry import in_use
from ml.sentiment.train import train
from tests.support import encoders
from warehouse.settings import Settings

CLASSES = ("negative", "positive")
GOOD = ["bagus sekali", "suka banget", "mantap", "cepat dan ramah"]
BAD = ["rusak parah", "kecewa", "lama sekali dan mahal", "jelek banget"]
WORDS = sorted({word for text in (*GOOD, *BAD, "query : tidak bagus") for word in text.split()})
CHOSEN = Hyperparameters(frozen_layers=1, epochs=20, batch_size=4, learning_rate=1e-3)


def small_base() -> Base:
    torch.manual_seed(1)
    vocabulary = {word: number for number, word in enumerate(["<unk>", "<pad>", *WORDS])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    config = DistilBertConfig(
        vocab_size=len(vocabulary), dim=DIMENSION, n_heads=2, n_layers=3, hidden_dim=64, max_position_embeddings=128,
        pad_token_id=1, attn_implementation="eager",
    )  # fmt: skip
    return Base("small", DistilBertModel(config), tokenizer, 1)


@pytest.fixture(scope="module")
def base() -> Base:
    return small_base()


@pytest.fixture(scope="module")
def tuned(base: Base) -> FineTuned:
    return fine_tune(base, GOOD + BAD, ["positive"] * 4 + ["negative"] * 4, CLASSES, CHOSEN)


def predicted(tuned: FineTuned, texts: list[str]) -> Any:
    return tuned.head.probabilities(vectors(texts, Encoder(tuned.encoder, tuned.encoder.version)))


def test_what_is_learned_is_predicted(tuned: FineTuned) -> None:
    assert predicted(tuned, GOOD + BAD).argmax(axis=1).tolist() == [1] * 4 + [0] * 4


def test_the_exported_model_predicts_what_the_trained_one_does(tuned: FineTuned, base: Base) -> None:
    texts = [*GOOD, *BAD, "tidak bagus", "bagus " * 60, "kata yang tidak dikenal"]
    encoder, weights, bias = Vectors(base.encoder).eval(), *map(torch.from_numpy, tuned.head)
    base.tokenizer.no_padding()
    for text, row in zip(texts, predicted(tuned, texts), strict=True):
        ids = torch.tensor([base.tokenizer.encode(f"query: {text}").ids])
        with torch.no_grad():
            expected = torch.softmax(encoder(ids, torch.ones_like(ids)) @ weights.T + bias, dim=1)[0]
        assert np.allclose(row, expected.numpy(), atol=0.02), text


def test_frozen_layers_stay_and_the_others_learn(base: Base, tuned: FineTuned) -> None:
    untrained, trained = small_base().encoder, base.encoder
    assert tuned.encoder.configuration["frozen_layers"] == 1
    same = {name for name, value in untrained.named_parameters() if torch.equal(value, trained.get_parameter(name))}
    assert all(name in same for name, _ in untrained.named_parameters() if "embeddings" in name or "layer.0." in name)
    assert "transformer.layer.1.ffn.lin1.weight" not in same
    assert "transformer.layer.2.ffn.lin1.weight" not in same


def test_the_layers_below_do_not_depend_on_a_texts_neighbours() -> None:
    texts, sentiments = ["mantap", "rusak parah " * 30, "suka banget"], ["positive", "negative", "positive"]
    heads = [
        fine_tune(small_base(), texts, sentiments, CLASSES, Hyperparameters(frozen_layers=3, epochs=1, batch_size=size))
        for size in (1, 3)
    ]
    found = [predicted(head._replace(head=heads[0].head), texts) for head in heads]
    assert np.allclose(*found, atol=1e-3)


@pytest.fixture
def with_small_base(server_settings: Settings, settings: Settings, tmp_path: Path) -> Settings:
    """Settings with the encoder in use, and the small one as the base to fine-tune: it knows twenty words."""
    encoders.put_in_use(server_settings, settings)
    base = small_base()
    base.encoder.save_pretrained(tmp_path)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=base.tokenizer, unk_token="<unk>", pad_token="<pad>")
    tokenizer.save_pretrained(tmp_path)
    return settings.model_copy(update={"base_model": str(tmp_path)})


def test_a_fine_tuned_model_is_not_used_if_it_does_not_win(with_small_base: Settings) -> None:
    reason = train("chat", with_small_base, with_fine_tuning=True)
    used = in_use("chat", with_small_base)
    assert "encoder replaces svm" in reason
    assert "fine_tuned does not replace encoder" in reason
    assert (used.model.method, set(used.metrics)) == ("encoder", {"svm", "encoder", "fine_tuned"})


def test_a_fine_tuned_model_that_wins_is_used_with_its_own_encoder(
    with_small_base: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = encoder_in_use(with_small_base, "scorer")
    assert shared
    monkeypatch.setattr(evaluate, "beats", lambda *_answers: (True, "said by the test"))
    train("chat", with_small_base, with_fine_tuning=True)
    used = in_use("chat", with_small_base)
    assert used.model.encoder
    assert used.model.method == "fine_tuned"
    assert used.model.encoder.version != shared.version
    assert version_in_use(with_small_base, "scorer") == shared.version
    texts = [example.text for example in dataset.test("chat")]
    again = [found.sentiment for found in used.model.sentiments(texts)]
    assert evaluate.evaluate(dataset.test("chat"), again)["accuracy"].value == used.metrics["fine_tuned"]["accuracy"][0]
