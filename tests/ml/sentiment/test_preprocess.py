"""How texts are prepared, step by step."""

from __future__ import annotations

import subprocess
import sys

from ml.sentiment.preprocess import steps, terms
from warehouse.settings import ROOT


def test_each_step_shows_what_it_did() -> None:
    found = steps("Barangnya GAK bagusss 😡 cek https://toko.example/1 @admin, pengirimannya 3 hari!")
    assert found.folded.startswith("barangnya gak bagusss")
    assert found.cleansed == "barangnya gak bagus 😡 cek , pengirimannya 3 hari!"
    assert found.tokens == ["barangnya", "gak", "bagus", "😡", "cek", "pengirimannya", "hari"]
    assert found.normalised == ["barangnya", "tidak", "bagus", "😡", "cek", "pengirimannya", "hari"]
    assert found.words == ["barangnya", "tidak", "bagus", "😡", "cek", "pengirimannya"]
    assert found.stems == ["barang", "tidak", "bagus", "😡", "cek", "kirim"]


def test_endings_of_words_that_no_dictionary_has_are_left_out() -> None:
    assert steps("adminnya ramah, packingnya rapi, punya saya").stems[::2] == ["admin", "packing"]


def test_negations_are_stop_words_only_if_asked_for() -> None:
    for text in ("tidak bagus", "ga bagus", "isn't good", "bukan bagus"):
        assert len(steps(text).words) == 2, text
        assert len(steps(text, keep_negations=False).words) == 1, text


def test_terms_are_words_and_pairs_each_once() -> None:
    assert terms(["kurir", "lama", "kurir", "lama"]) == ["kurir", "lama", "kurir lama", "lama kurir"]
    assert terms([]) == []


def test_texts_without_words_have_no_terms() -> None:
    for text in ("", "   ", "\0", "12345", "!!!", "https://toko.example"):
        assert steps(text).stems == [], repr(text)


def test_the_command_prints_a_line_for_each_step() -> None:
    command = [sys.executable, "-m", "ml.sentiment", "steps", "kurirnya lama bgt"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert [line.partition(":")[0] for line in answer.stdout.splitlines()] == [
        "folded", "cleansed", "tokens", "normalised", "words", "stems",
    ]  # fmt: skip
    assert 'stems: ["kurir", "lama", "banget"]' in answer.stdout
