"""`python -m ml.classifier.predict`: messages in by lines, JSON out by lines, without torch."""

from __future__ import annotations

import json

import pytest

from ml.classifier.registry import Model
from tests.support.scored_shop import run_without_training_packages
from warehouse.settings import Settings

pytestmark = pytest.mark.timeout(900)  # whoever comes first trains the model

FIELDS = {"issue", "issue_probability", "urgency", "urgency_probability", "language", "model_version"}


def test_every_line_gets_one_answer(settings_with_model: Settings, model: Model) -> None:
    lines = [
        "paket saya belum sampai",
        "",
        "👍",
        "I want a refund " * 250,
        "with \x00 inside",
        "tell me a joke",
    ]
    stdin = "\n".join(lines).encode() + b"\nnot \xff\xfe UTF-8\r\nno newline at the end"
    done = run_without_training_packages("ml.classifier.predict", stdin)
    assert done.returncode == 0, done.stderr.decode()
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len(answers) == 8
    assert all(set(answer) == FIELDS for answer in answers)
    assert {answer["model_version"] for answer in answers} == {model.version}
    assert [answers[number]["issue"] for number in (0, 3, 5)] == ["delivery", "refund", "other"]
    assert [answers[number]["language"] for number in (0, 1, 2, 3)] == ["id", "unknown", "unknown", "en"]


def test_no_line_gets_no_answer(settings_with_model: Settings) -> None:
    done = run_without_training_packages("ml.classifier.predict")
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize("module", ["ml.classifier.predict", "ml.classifier.score"])
def test_without_a_model_the_command_that_trains_one_is_named(settings: Settings, module: str) -> None:
    done = run_without_training_packages(module, b"halo\n")
    assert done.returncode == 2
    assert b"python -m ml.train" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""
