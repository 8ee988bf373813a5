"""Scoring: every customer's message gets one label, however often and however roughly it is run."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from ml.classifier.predict import Predictor
from ml.classifier.registry import Model, NoModelInUse
from ml.classifier.score import score
from tests.support.scored_shop import Shop, run_without_training_packages
from warehouse.settings import ROOT, Settings

pytestmark = pytest.mark.timeout(900)  # whoever comes first trains the model


def test_customers_messages_are_labelled_and_nobody_elses(settings_with_model: Settings, scored_shop: Shop) -> None:
    scored_shop.whatsapp({"SM1": "paket saya belum sampai", "SM2": "I want a refund"})
    scored_shop.whatsapp({"SM3": "we have shipped it"}, direction="outbound")
    scored_shop.web_chat({"e1": "sudah transfer tapi belum dikonfirmasi"})
    scored_shop.web_chat({"e2": "how can I help?"}, author="bot")
    scored_shop.web_chat({"e3": "let me look"}, author="agent")
    scored_shop.rate("e4")
    assert score(settings_with_model) == 3
    labels = scored_shop.labels()
    assert {key: row["issue"] for key, row in labels.items()} == {
        ("twilio", "SM1"): "delivery",
        ("twilio", "SM2"): "refund",
        ("chatbot", "e1"): "payment",
    }
    assert [labels["twilio", sid]["language"] for sid in ("SM1", "SM2")] == ["id", "en"]


def test_a_second_run_finds_nothing_and_a_later_message_is_found(
    settings_with_model: Settings, scored_shop: Shop
) -> None:
    scored_shop.whatsapp({"SM1": "halo kak"})
    assert score(settings_with_model) == 1
    before = scored_shop.labels()
    assert score(settings_with_model) == 0
    scored_shop.web_chat({"SM1": "the same id from another source"})
    assert score(settings_with_model) == 1
    assert before.items() <= scored_shop.labels().items()


def test_a_message_without_words_is_other_by_rule(
    settings_with_model: Settings, scored_shop: Shop, model: Model
) -> None:
    scored_shop.whatsapp({"picture": "", "spaces": " \n", "not known yet": None})
    scored_shop.web_chat({"nothing": None})
    assert score(settings_with_model) == 3
    for source, message_id in [("twilio", "picture"), ("twilio", "spaces"), ("chatbot", "nothing")]:
        assert scored_shop.labels()[source, message_id] == {
            "source": source,
            "message_id": message_id,
            "issue": "other",
            "issue_probability": 1,
            "urgency": "normal",
            "urgency_probability": 1,
            "language": "unknown",
            "model_version": model.version,
        }


def test_scoring_says_what_predicting_says(settings_with_model: Settings, scored_shop: Shop, model: Model) -> None:
    scored_shop.whatsapp({"SM1": "kapan barangnya dikirim kak?"})
    score(settings_with_model)
    (expected,) = Predictor(model).label(["kapan barangnya dikirim kak?"])
    row = scored_shop.labels()["twilio", "SM1"]
    assert row["issue_probability"] == pytest.approx(expected.issue_probability, abs=1e-5)
    assert row["urgency"] == expected.urgency


def test_a_run_that_is_killed_keeps_what_it_did_and_the_next_one_ends_it(
    settings_with_model: Settings, scored_shop: Shop
) -> None:
    scored_shop.whatsapp(
        {f"SM{number:05}": f"pesanan nomor {number % 97} hari {number}, kapan sampai?" for number in range(2_500)}
    )
    run = subprocess.Popen([sys.executable, "-m", "ml.classifier.score"], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while run.poll() is None and not scored_shop.labels():
            time.sleep(0.05)
        run.send_signal(signal.SIGKILL)
    finally:
        run.wait()
    done = len(scored_shop.labels())
    assert 0 < done < 2_500
    assert score(settings_with_model) == 2_500 - done
    assert len(scored_shop.labels()) == 2_500


def test_scoring_runs_without_the_packages_of_training(settings_with_model: Settings, scored_shop: Shop) -> None:
    scored_shop.whatsapp({"SM1": "halo"})
    done = run_without_training_packages("ml.classifier.score")
    assert done.returncode == 0, done.stderr.decode()
    assert len(scored_shop.labels()) == 1
    assert b"halo" not in done.stderr


def test_without_a_model_scoring_says_so(settings: Settings, scored_shop: Shop) -> None:
    scored_shop.whatsapp({"SM1": "halo"})
    with pytest.raises(NoModelInUse):
        score(settings)
    assert scored_shop.labels() == {}
