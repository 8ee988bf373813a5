"""A model of inference is read from a folder as it is published: with ONNX, or with the weights for transformers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification

from bot.grounding.judge import by_inference
from ml.nli import Inference, NliModel, NotAnNliModel

WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "kopi", "dibuka", "tidak", "bisa", "kembali"]
LABELS = {0: "contradiction", 1: "entailment", 2: "neutral"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT with weights of chance, as transformers saves it."""
    path = tmp_path_factory.mktemp("nli")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=32, id2label=LABELS, label2id={label: place for place, label in LABELS.items()},
    )  # fmt: skip
    BertForSequenceClassification(config).eval().save_pretrained(path)
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.save(str(path / "tokenizer.json"))
    return path


@pytest.fixture(scope="module")
def onnx_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nli-onnx")
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(folder / name, path)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    model = BertForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    torch.onnx.export(
        model, tuple(torch.ones(2, 7, dtype=torch.long) for _ in names), str(path / "model.onnx"), input_names=names,
        output_names=["logits"], dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in names}, dynamo=False,
    )  # fmt: skip
    return path


PREMISES = ["kopi dibuka tidak bisa kembali", "kopi", "kopi " * 20]


def inferred(folder: Path, premises: list[str], hypothesis: str) -> list[Inference]:
    found = NliModel(folder).infer(premises, hypothesis)
    assert found is not None
    return found


def test_both_ways_give_the_same_probabilities(folder: Path, onnx_folder: Path) -> None:
    by_transformers = inferred(folder, PREMISES, "kopi bisa kembali")
    by_onnx = inferred(onnx_folder, PREMISES, "kopi bisa kembali")
    assert [sum(each) for each in by_onnx] == pytest.approx([1.0] * 3)
    for one, other in zip(by_onnx, by_transformers, strict=True):
        assert tuple(one) == pytest.approx(tuple(other), abs=1e-4)


def test_labels_are_read_from_the_configuration(onnx_folder: Path, tmp_path: Path) -> None:
    """The same logits under other labels are other probabilities."""
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"] = {"0": "ENTAILMENT", "1": "NEUTRAL", "2": "CONTRADICTION"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    [before], [after] = (inferred(path, PREMISES[:1], "kopi bisa kembali") for path in (onnx_folder, tmp_path))
    assert (before.contradiction, before.entailment, before.neutral) == pytest.approx(
        (after.entailment, after.neutral, after.contradiction)
    )


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_a_folder_that_lacks_a_file_is_refused(onnx_folder: Path, tmp_path: Path, missing: str) -> None:
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / missing).unlink()
    with pytest.raises(NotAnNliModel, match=missing):
        NliModel(tmp_path)


def test_a_folder_without_weights_is_refused(onnx_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.onnx").unlink()
    with pytest.raises(NotAnNliModel, match="OSError"):
        NliModel(tmp_path)


def test_a_model_of_other_labels_is_refused(onnx_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config.json").write_text('{"id2label": {"0": "positive", "1": "negative"}}')
    with pytest.raises(NotAnNliModel, match="entailment"):
        NliModel(tmp_path)


def test_a_model_that_is_sure_of_nothing_supports_nothing(onnx_folder: Path) -> None:
    assert by_inference(NliModel(onnx_folder))("kopi bisa kembali", "", PREMISES) is False


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", "[]"),
        ("config.json", '{"id2label": ["entailment", "neutral", "contradiction"]}'),
        ("config.json", json.dumps({"id2label": LABELS, "max_position_embeddings": "many"})),
        ("config.json", json.dumps({"id2label": {"first": "entailment", "1": "neutral", "2": "contradiction"}})),
        ("tokenizer.json", "{}"),
        ("model.onnx", "rubbish"),
    ],
)
def test_a_folder_with_a_file_that_cannot_be_read_is_refused(
    onnx_folder: Path, tmp_path: Path, name: str, content: str
) -> None:
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_text(content)
    with pytest.raises(NotAnNliModel, match=str(tmp_path)):
        NliModel(tmp_path)


def test_weights_that_cannot_be_read_are_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.safetensors").write_text("rubbish")
    with pytest.raises(NotAnNliModel, match=str(tmp_path)):
        NliModel(tmp_path)


@pytest.mark.parametrize(
    ("premises", "hypothesis"),
    [([], "kopi bisa kembali"), ([*PREMISES, "kopi " * 100], "kopi bisa kembali"), (["kopi"], "kopi " * 100)],
)
def test_without_sources_or_with_too_long_a_text_nothing_is_inferred(
    onnx_folder: Path, premises: list[str], hypothesis: str
) -> None:
    """What would be cut off could be a condition."""
    model = NliModel(onnx_folder)
    assert model.infer(premises, hypothesis) is None
    assert by_inference(model)(hypothesis, "", premises) is None


def test_a_model_that_fails_infers_nothing(onnx_folder: Path, tmp_path: Path) -> None:
    """It has fewer labels than its configuration says."""
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"] = {"0": "entailment", "1": "neutral", "7": "contradiction"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    model = NliModel(tmp_path)
    assert model.infer(PREMISES, "kopi bisa kembali") is None
    assert by_inference(model)("kopi bisa kembali", "", PREMISES) is None
