"""The encoder: near in meaning is near in numbers, over both languages; one byte says what four say."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from ml.encoder.store import DIMENSION, Encoder, encoder_in_use, version_in_use
from tests.support import speech_acts
from tests.support.encoders import made_encoder, put_in_use
from warehouse.settings import ROOT, Settings

# The same asked in Indonesian and in English.
PAIRS = [
    ("berapa ongkos kirim ke Bandung?", "how much is shipping to Bandung?"),
    ("bagaimana cara mengembalikan barang?", "how do I return an item?"),
    ("toko buka jam berapa?", "what are your opening hours?"),
    ("apakah bisa bayar di tempat?", "can I pay on delivery?"),
    ("apakah kopinya halal?", "is the coffee halal?"),
]


@pytest.fixture(scope="module")
def encoder(server_settings: Settings) -> Encoder:
    return Encoder(made_encoder(server_settings), "quantised")


def test_weights_of_one_byte_say_what_those_of_four_say(server_settings: Settings, encoder: Encoder) -> None:
    exact = Encoder(made_encoder(server_settings, quantised=False), "exact")
    texts = [text for pair in PAIRS for text in pair] + ["Pesanan dikirim setiap hari kerja. " * 12, "🙏", "x"]
    cosines = (encoder.passages(texts) * exact.passages(texts)).sum(axis=1)
    assert cosines.min() > 0.997


def test_the_same_in_two_languages_is_nearer_than_anything_else(encoder: Encoder) -> None:
    indonesian = encoder.passages([pair[0] for pair in PAIRS])
    english = encoder.passages([pair[1] for pair in PAIRS])
    assert (indonesian @ english.T).argmax(axis=1).tolist() == list(range(len(PAIRS)))


def test_vectors_have_length_one_and_do_not_depend_on_their_neighbours(encoder: Encoder) -> None:
    alone = encoder.passages(["Kopi Gayo 250 gram"])
    among = encoder.passages(["SAYA MARAH SEKALI!!! " * 30, "Kopi Gayo 250 gram", ""])
    assert among.shape == (3, DIMENSION)
    assert np.allclose(np.linalg.norm(among, axis=1), 1, atol=1e-5)
    assert float(among[1] @ alone[0]) > 0.9999


def test_a_question_is_not_read_as_a_passage(encoder: Encoder) -> None:
    assert not np.allclose(encoder.question("jam buka"), encoder.passages(["jam buka"])[0], atol=0.01)


def test_nothing_is_in_use_until_one_was_stored(server_settings: Settings, settings: Settings) -> None:
    assert encoder_in_use(settings) is None
    version = put_in_use(server_settings, settings)
    for role in ("bot", "inbox", "scorer"):
        found = encoder_in_use(settings, role)
        assert found is not None
        assert found.version == version
    assert put_in_use(server_settings, settings) == version


def test_the_command_leaves_an_encoder_in_use_alone(server_settings: Settings, settings: Settings) -> None:
    version = speech_acts.put_in_use(server_settings, settings)
    command = [sys.executable, "-m", "ml.encoder", "--if-missing"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert version in answer.stdout
    assert version_in_use(settings) == version


QUIET = """
import logging
from transformers import DistilBertConfig, DistilBertModel
from ml.encoder.export import MeanOfTokens
from ml.encoder.onnx_export import to_onnx
from warehouse import logs
logs.configure()
small = DistilBertConfig(vocab_size=9, dim=8, n_heads=2, n_layers=1, hidden_dim=8, attn_implementation="eager")
to_onnx(MeanOfTokens(DistilBertModel(small)).eval(), ["embedding"])
logging.info("of somebody else")
"""


def test_making_a_model_logs_nothing_of_each_tensor() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", QUIET], cwd=ROOT, capture_output=True, text=True, timeout=250, check=True
    )
    assert [json.loads(line)["event"] for line in answer.stderr.splitlines()] == ["of somebody else"]


def test_using_it_needs_no_torch(server_settings: Settings, settings: Settings) -> None:
    put_in_use(server_settings, settings)
    code = (
        "import sys; from ml.encoder.store import encoder_in_use; from warehouse.settings import get_settings;"
        "print(encoder_in_use(get_settings()).question('halo').shape, 'torch' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert answer.stdout.strip() == "(384,) False"
