"""Models of sentiment: how good they are on texts labelled by hand, and that stored ones predict as learned ones."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import yaml

from ml.sentiment import dataset
from ml.sentiment.dataset import CLASSES, Kind
from ml.sentiment.evaluate import beats, contradictions, evaluate, label_noise
from ml.sentiment.model import Model, content, restored
from ml.sentiment.registry import NoModelInUse, in_use
from tests.support import sentiment
from warehouse.settings import ROOT, Settings

PLAIN = {
    "makasih banyak kak, barangnya bagus banget": "positive",
    "the parcel arrived, I love it, thank you": "positive",
    "barangnya rusak, saya kecewa": "negative",
    "I have been waiting for two weeks, this is terrible": "negative",
    "ongkir ke medan berapa kak": "neutral",
    "do you have this in blue?": "neutral",
    "😡😡": "negative",
    "😍": "positive",
}


@pytest.fixture(scope="module")
def chat(server_settings: Settings) -> Model:
    return sentiment.learned("chat", "encoder", server_settings)


def answers(model: Model) -> list[str]:
    return [found.sentiment for found in model.sentiments([example.text for example in dataset.test(model.kind)])]


@pytest.mark.parametrize("kind", CLASSES)
def test_no_text_to_test_with_is_learned_from(kind: Kind) -> None:
    training, test = dataset.training(kind), dataset.test(kind)
    assert {example.text.casefold() for example in training}.isdisjoint(example.text.casefold() for example in test)
    assert len({example.text.casefold() for example in test}) == len(test) == {"review": 300, "chat": 200}[kind]
    assert {example.sentiment for example in (*training, *test)} == set(CLASSES[kind])


def test_chats_are_told_apart(chat: Model) -> None:
    assert evaluate(dataset.test("chat"), answers(chat))["macro_f1"].value >= 0.75


def test_reviews_are_told_apart_by_stars_alone(server_settings: Settings) -> None:
    by_encoder, by_words = (sentiment.learned("review", method, server_settings) for method in ("encoder", "svm"))
    truth = [example.sentiment for example in dataset.test("review")]
    assert evaluate(dataset.test("review"), answers(by_encoder))["macro_f1"].value >= 0.8
    assert evaluate(dataset.test("review"), answers(by_words))["macro_f1"].value >= 0.68
    assert beats(truth, answers(by_encoder), answers(by_words))[0]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_messages_are_what_they_say(chat: Model, text: str) -> None:
    assert chat.sentiments([text])[0].sentiment == PLAIN[text]


def test_a_message_without_any_sign_is_neutral(chat: Model) -> None:
    for text in ("", "  \t", "\0", "\u200b"):
        assert chat.sentiments([text]) == [("neutral", 1.0)]


def test_a_sentiment_does_not_depend_on_its_neighbours(chat: Model) -> None:
    (alone,) = chat.sentiments(["kok belum sampai ya"])
    among = chat.sentiments(["PARAH!!! " * 500, "kok belum sampai ya", "", "🙏"])[1]
    assert among.sentiment == alone.sentiment
    assert among.probability == pytest.approx(alone.probability, abs=1e-3)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_restored_machine_predicts_as_the_learned_one(kind: Kind, server_settings: Settings) -> None:
    learned = sentiment.learned(kind, "svm", server_settings)
    again = restored(kind, "svm", content(learned), None)
    texts = [example.text for example in dataset.test(kind)[:50]]
    assert again.sentiments(texts) == learned.sentiments(texts)
    assert again.version == learned.version


def test_a_tampered_archive_runs_nothing() -> None:
    file = io.BytesIO()
    np.savez(file, classes=np.array([print], dtype=object), weights=np.zeros(1), bias=np.zeros(1))
    with pytest.raises(ValueError, match="allow_pickle"):
        restored("chat", "svm", file.getvalue(), None)


def test_of_two_models_one_beats_the_other_only_beyond_chance() -> None:
    truth = ["positive"] * 20
    assert not beats(truth, truth, truth)[0]
    assert not beats(truth, truth, ["negative"] * 4 + truth[4:])[0]
    assert beats(truth, truth, ["negative"] * 8 + truth[8:])[0]
    assert not beats(truth, ["negative"] * 8 + truth[8:], truth)[0]


def test_label_noise_is_the_share_of_stars_that_contradict_the_text() -> None:
    examples = dataset.test("review")
    assert label_noise(examples, [example.sentiment for example in examples]).value == 0
    weak = [dataset.weak_label(example.rating or 0) for example in examples]
    noise = label_noise(examples, weak)
    assert (
        noise.low < noise.value == sum(e.sentiment != w for e, w in zip(examples, weak, strict=True)) / 300 < noise.high
    )


def test_the_command_answers_every_line_of_reviews(server_settings: Settings, settings: Settings) -> None:
    sentiment.use("review", server_settings, settings)
    command = [sys.executable, "-m", "ml.sentiment", "predict", "--kind", "review"]
    lines = "barangnya bagus, suka banget\n\n12345\nrusak, saya kecewa\n"
    answer = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, timeout=250, check=True)
    praise, empty, number, complaint = map(json.loads, answer.stdout.splitlines())
    assert (praise["sentiment"], complaint["sentiment"]) == ("positive", "negative")
    assert empty == number
    assert set(empty) == {"sentiment", "probability"}
    assert 0.4 < empty["probability"] < 0.65 < min(praise["probability"], complaint["probability"])


def test_the_command_answers_every_line(server_settings: Settings, settings: Settings) -> None:
    sentiment.use("chat", server_settings, settings)
    lines = [*(text.encode() for text in PLAIN), b"", b"\0", b"\xff\xfe", b"a" * 100_000]
    command = [sys.executable, "-m", "ml.sentiment", "predict", "--kind", "chat"]
    answer = subprocess.run(
        command, cwd=ROOT, input=b"\n".join(lines) + b"\n", capture_output=True, timeout=250, check=True
    )
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(rows) == len(lines)
    assert [row["sentiment"] for row in rows[: len(PLAIN)]] == list(PLAIN.values())
    assert all(set(row) == {"sentiment", "probability"} and 0 <= row["probability"] <= 1 for row in rows)


def test_a_stored_model_is_used_until_another_is(
    server_settings: Settings, settings: Settings, query: Callable[..., list[tuple[Any, ...]]]
) -> None:
    with pytest.raises(NoModelInUse, match=r"ml\.sentiment train"):
        in_use("chat", settings)
    version = sentiment.use("chat", server_settings, settings)
    sentiment.use("review", server_settings, settings)
    found = in_use("chat", settings)
    assert (found.version, found.is_current, found.reason) == (version, True, "made for tests")
    assert found.model.sentiments(["makasih kak"])[0].sentiment == "positive"
    query("update ml.sentiment_models set recipe = 'of an earlier release'")
    assert not in_use("chat", settings).is_current


@pytest.mark.parametrize("text", ["", "  ", "\0", "12345", "!!! :(", "https://toko.example/1"])
def test_a_review_without_words_gets_the_most_frequent_sentiment(server_settings: Settings, text: str) -> None:
    counts = Counter(example.sentiment for example in dataset.training("review"))
    share = counts["negative"] / counts.total()
    for method in ("svm", "encoder"):
        found = sentiment.learned("review", method, server_settings).sentiments([text])
        assert found == [("negative", pytest.approx(share))]
    assert 0.5 < share < 0.65


def test_most_reviews_flagged_as_contradicting_their_stars_do(server_settings: Settings) -> None:
    examples = dataset.test("review")
    predicted = sentiment.learned("review", "encoder", server_settings).sentiments([each.text for each in examples])
    project = yaml.safe_load((ROOT / "dbt" / "dbt_project.yml").read_text())
    threshold = project["vars"]["contradiction_probability"]
    [row] = [row for row in contradictions(examples, predicted) if row["from"] == threshold]
    flagged = [
        (example, found)
        for example, found in zip(examples, predicted, strict=True)
        if found.probability >= threshold and ((example.rating or 0) > 3) != (found.sentiment == "positive")
    ]
    right = sum(example.sentiment == found.sentiment for example, found in flagged)
    assert (row["said"], row["right"]) == (len(flagged), right)
    assert right / len(flagged) >= 0.7
