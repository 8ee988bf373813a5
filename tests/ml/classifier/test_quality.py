"""How the classifier behaves: better than chance by far on messages it never saw, and steady where it should be.

The model is trained small for the tests; the floors are under what it reaches and far over what a broken one would.
"""

from __future__ import annotations

import pytest

from ml.classifier import dataset
from ml.classifier.baseline import baseline
from ml.classifier.evaluate import evaluate, quality
from ml.classifier.predict import Predictor
from ml.classifier.registry import Model

pytestmark = pytest.mark.timeout(900)  # whoever comes first trains the model


@pytest.fixture(scope="module")
def predictor(model: Model) -> Predictor:
    return Predictor(model)


def _issues(predictor: Predictor, texts: list[str]) -> list[str]:
    return [label.issue for label in predictor.label(texts)]


def test_the_frozen_test_is_answered_well(model: Model) -> None:
    metrics = model.metrics
    assert metrics["messages"] == len(dataset.frozen_test())
    assert metrics["issue"]["macro_f1"] > 0.72
    assert metrics["issue"]["kappa"] > 0.65
    assert metrics["urgency"]["macro_f1"] > 0.68
    assert all(figures["recall"] > 0.5 for figures in metrics["issue"]["classes"].values())


@pytest.mark.parametrize("part", ["indonesian", "english", "slang"])
def test_no_slice_is_left_behind(model: Model, part: str) -> None:
    figures = model.metrics["slices"][part]
    assert figures["messages"] >= 50
    assert figures["issue_accuracy"] > 0.65


def test_what_no_shop_is_asked_is_other(model: Model) -> None:
    assert model.metrics["out_of_context_other"] > 0.7


def test_the_baseline_is_measured_by_the_same_rule() -> None:
    metrics = evaluate(baseline(dataset.training_messages()), dataset.frozen_test())
    assert 0.6 < quality(metrics) < 1


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("paket saya belum sampai", "delivery"),
        ("my package has not arrived", "delivery"),
        ("minta nomor resi dong kak", "delivery"),
        ("saya mau batalkan pesanan", "order"),
        ("please cancel my order", "order"),
        ("saya sudah transfer tapi belum dikonfirmasi", "payment"),
        ("which payment methods do you accept?", "payment"),
        ("saya mau uang saya dikembalikan", "refund"),
        ("I want a refund", "refund"),
        ("tell me a joke", "other"),
        ("terima kasih ya kak", "other"),
    ],
)
def test_the_plainest_messages_are_understood(predictor: Predictor, text: str, issue: str) -> None:
    assert _issues(predictor, [text]) == [issue]


@pytest.mark.parametrize(
    ("one", "others"),
    [
        (
            "saya Budi, paket saya belum sampai",
            ["saya Wulan, paket saya belum sampai", "Tono: paket saya belum sampai"],
        ),
        ("I want a refund for order 10231", ["I want a refund for order 99812", "i want a refund for order 77"]),
        (
            "please cancel my order",
            ["hello, please cancel my order", "PLEASE CANCEL MY ORDER", "pls cancel my order thx"],
        ),
        ("sudah transfer Rp150.000 belum dikonfirmasi", ["sudah transfer Rp2.750.000 belum dikonfirmasi"]),
        ("paket saya di mana?", ["halo kak paket saya di mana?", "paket saya di mana ya min 🙏"]),
    ],
)
def test_names_numbers_greetings_and_case_change_nothing(predictor: Predictor, one: str, others: list[str]) -> None:
    assert set(_issues(predictor, [one, *others])) == set(_issues(predictor, [one]))


@pytest.mark.parametrize(
    ("calm", "pressing"),
    [
        ("when will my parcel come?", "my parcel is still not here and I need it TODAY, this is unacceptable!!"),
        ("refundnya biasanya berapa hari ya kak", "sudah sebulan refund ga masuk, saya butuh uangnya sekarang!!!"),
        ("bisa bayar pakai qris kak?", "uang saya kepotong dua kali, tolong segera dicek, saya panik!"),
    ],
)
def test_anger_deadlines_and_stuck_money_raise_the_urgency(predictor: Predictor, calm: str, pressing: str) -> None:
    ranks = [dataset.URGENCIES.index(label.urgency) for label in predictor.label([calm, pressing])]
    assert ranks[0] < ranks[1] == dataset.URGENCIES.index("high")


def test_thanks_are_not_urgent(predictor: Predictor) -> None:
    assert {label.urgency for label in predictor.label(["makasih kak", "thank you!", "oke siap"])} == {"low"}


def test_a_label_does_not_depend_on_the_messages_beside_it(predictor: Predictor) -> None:
    texts = [message.text for message in dataset.frozen_test()]
    alone = [predictor.label([text])[0] for text in texts[:60]]
    together = predictor.label([*texts, "a long message " * 200])[:60]
    for one, other in zip(alone, together, strict=True):
        assert one.issue == other.issue
        assert one.urgency == other.urgency
        assert one.issue_probability == pytest.approx(other.issue_probability, abs=1e-4)


def test_no_message_breaks_it(predictor: Predictor) -> None:
    texts = ["", " ", "\x00", "👍🏽", "x" * 4_000, "tolong " * 800, "مرحبا", "\ud83d", "a\u0301" * 50, "🙏" * 300]
    labels = predictor.label(texts)
    assert len(labels) == len(texts)
    assert all(0 < label.issue_probability <= 1 and 0 < label.urgency_probability <= 1 for label in labels)


def test_nothing_in_is_nothing_out(predictor: Predictor) -> None:
    assert predictor.label([]) == []
