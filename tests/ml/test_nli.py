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
from ml.nli import NliModel, NotAnNliModel

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


PREMISES = ["kopi dibuka tidak bisa kembali", "kopi", "kopi " * 100]


def test_both_ways_give_the_same_probabilities(folder: Path, onnx_folder: Path) -> None:
    by_transformers = NliModel(folder).infer(PREMISES, "kopi bisa kembali")
    by_onnx = NliModel(onnx_folder).infer(PREMISES, "kopi bisa kembali")
    assert [sum(each) for each in by_onnx] == pytest.approx([1.0] * 3)
    for one, other in zip(by_onnx, by_transformers, strict=True):
        assert tuple(one) == pytest.approx(tuple(other), abs=1e-4)


def test_labels_are_read_from_the_configuration(onnx_folder: Path, tmp_path: Path) -> None:
    """The same logits under other labels are other probabilities."""
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"] = {"0": "ENTAILMENT", "1": "NEUTRAL", "2": "CONTRADICTION"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    [before], [after] = (NliModel(path).infer(PREMISES[:1], "kopi bisa kembali") for path in (onnx_folder, tmp_path))
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
    with pytest.raises(NotAnNliModel, match="no weights"):
        NliModel(tmp_path)


def test_a_model_of_other_labels_is_refused(onnx_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(onnx_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config.json").write_text('{"id2label": {"0": "positive", "1": "negative"}}')
    with pytest.raises(NotAnNliModel, match="entailment"):
        NliModel(tmp_path)


def test_a_model_that_is_sure_of_nothing_supports_nothing(onnx_folder: Path) -> None:
    assert by_inference(NliModel(onnx_folder))("kopi bisa kembali", "", PREMISES) is False
