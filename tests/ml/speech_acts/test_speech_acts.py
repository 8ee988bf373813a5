"""Speech acts: how well unseen ones are predicted, and that a head is used with the encoder it was learned for only."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.tools import make, renewed
from ml.encoder.__main__ import learn_speech_acts
from ml.encoder.store import Encoder
from ml.speech_acts import store
from ml.speech_acts.acts import ACTS, LIKELY, SURE
from ml.speech_acts.dataset import messages
from ml.speech_acts.evaluate import errors, held_out, macro_f1
from ml.speech_acts.head import SpeechActs
from ml.speech_acts.store import speech_acts_in_use
from tests.support import encoders, speech_acts
from tests.support.encoders import made_encoder
from warehouse.settings import ROOT, Settings

PLAIN = {
    "ongkir ke bandung berapa kak?": "question",
    "makasih kak, terus ongkirnya berapa?": "question",
    "do you have this in black": "question",
    "tolong batalkan pesanan saya": "request",
    "I want to talk to a human": "request",
    "barangnya pecah semua": "complaint",
    "thanks a lot": "thanks",
    "makasih banyak ya kak": "thanks",
    "pesanan sudah saya terima, terima kasih": "thanks",
    "siap kak": "agreement",
    "sudah saya transfer ya kak": "statement",
    "eh maksudku yang L": "correction",
    "ok nanti saya kabari lagi ya kak": "goodbye",
    "selamat pagi kak": "greeting",
}


@pytest.fixture(scope="module")
def predictor(server_settings: Settings) -> SpeechActs:
    return SpeechActs(Encoder(made_encoder(server_settings), "shared"), speech_acts.learned_head(server_settings))


def test_messages_are_labelled_with_known_acts_and_each_group_with_one() -> None:
    labelled = messages()
    assert {message.act for message in labelled} == set(ACTS)
    assert len({(message.group, message.act) for message in labelled}) == len({message.group for message in labelled})
    texts = [message.text.lower() for message in labelled]
    assert len(texts) == len(set(texts)) >= 1200
    assert {message.language for message in labelled} == {"id", "en"}


def test_acts_of_groups_that_were_not_learned_from_are_predicted(server_settings: Settings) -> None:
    labelled = messages()
    probabilities = held_out(speech_acts.features_of_messages(server_settings), labelled, seeds=[0])
    assert macro_f1(probabilities, labelled).value > 0.73
    surely, likely = (errors(probabilities, labelled, threshold) for threshold in (SURE, LIKELY))
    assert surely.false_courtesies < 0.03
    assert surely.courtesies_found > 0.7
    assert surely.false_complaints < 0.02
    assert likely.false_courtesies < 0.07


@pytest.mark.parametrize("text", PLAIN)
def test_plain_messages_are_what_they_say(predictor: SpeechActs, text: str) -> None:
    assert predictor.predict([text])[0].name == PLAIN[text]


def test_an_act_does_not_depend_on_its_neighbours(predictor: SpeechActs) -> None:
    (alone,) = predictor.predict(["kalau ke Makassar"])
    among = predictor.predict(["SAYA MARAH SEKALI!!! " * 30, "kalau ke Makassar", "", "🙏"])[1]
    assert among.name == alone.name
    assert among.distribution == pytest.approx(alone.distribution, abs=1e-3)


def test_probabilities_of_all_acts_sum_to_one(predictor: SpeechActs) -> None:
    for act in predictor.predict(["halo", "", "?" * 3000]):
        assert set(act.distribution) == set(ACTS)
        assert sum(act.distribution.values()) == pytest.approx(1, abs=1e-4)
        assert act.probability == max(act.distribution.values()) == act.distribution[act.name]
    assert predictor.predict([]) == []


def test_a_stored_head_predicts_as_the_learned_one(
    server_settings: Settings, settings: Settings, predictor: SpeechActs
) -> None:
    assert speech_acts_in_use(settings) is None
    version = speech_acts.put_in_use(server_settings, settings)
    expected = predictor.predict(["barangnya rusak kak"])[0].distribution
    for role in ("bot", "scorer"):
        found = speech_acts_in_use(settings, role)
        assert found is not None
        assert found.version == store.version_in_use(settings, role) == version
        assert found.predict(["barangnya rusak kak"])[0].distribution == pytest.approx(expected, abs=1e-4)


def test_a_head_is_not_used_with_another_encoder_or_another_recipe(
    server_settings: Settings, settings: Settings, query: Callable[..., list[tuple[Any, ...]]]
) -> None:
    speech_acts.put_in_use(server_settings, settings)
    query("update ml.speech_act_heads set recipe = 'of an earlier release'")
    assert speech_acts_in_use(settings) is None
    assert store.version_in_use(settings) is None
    speech_acts.put_in_use(server_settings, settings)
    query(
        "insert into ml.encoders (encoder_version, onnx, tokenizer, configuration)"
        " select 'another', onnx, tokenizer, configuration from ml.encoders"
    )
    query("update ml.encoders set in_use = false")
    query("update ml.encoders set in_use = true where encoder_version = 'another'")
    assert store.version_in_use(settings) is None
    assert speech_acts_in_use(settings) is None


@pytest.mark.parametrize("changed", ["features.py", "fit.py", "ACTS"])
def test_a_change_of_the_features_the_fit_or_the_acts_makes_another_recipe(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> str:
        store.recipe.cache_clear()
        return store.recipe()

    monkeypatch.setattr(store, "_CODE", tuple(Path(shutil.copy(path, tmp_path)) for path in store._CODE))
    before = made()
    assert before == made()
    if changed == "ACTS":
        monkeypatch.setattr(store, "ACTS", (*ACTS, "joke"))
    else:
        with (tmp_path / changed).open("a", encoding="utf-8") as code:
            code.write("# changed\n")
    assert made() != before
    store.recipe.cache_clear()


def test_a_head_is_learned_for_the_encoder_that_was_made_even_if_another_is_put_in_use_meanwhile(
    server_settings: Settings, settings: Settings, query: Callable[..., list[tuple[Any, ...]]]
) -> None:
    made = encoders.put_in_use(server_settings, settings)
    query(
        "insert into ml.encoders (encoder_version, onnx, tokenizer, configuration)"
        " select 'another', onnx, tokenizer, configuration from ml.encoders"
    )
    query("update ml.encoders set in_use = false")
    query("update ml.encoders set in_use = true where encoder_version = 'another'")
    learn_speech_acts(made, settings)
    assert query("select encoder_version from ml.speech_act_heads") == [(made,)]


def test_the_bot_finds_a_head_that_is_made_while_it_runs(server_settings: Settings, settings: Settings) -> None:
    encoders.put_in_use(server_settings, settings)
    tools = make(settings)
    assert tools.speech_acts is None
    version = speech_acts.put_in_use(server_settings, settings)
    tools = renewed(tools)
    assert tools.speech_acts is not None
    assert tools.speech_acts.version == version


def test_the_command_learns_a_missing_head_and_leaves_the_encoder_alone(
    server_settings: Settings, settings: Settings
) -> None:
    version = encoders.put_in_use(server_settings, settings)
    command = [sys.executable, "-m", "ml.encoder", "--if-missing"]
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=250, check=True)
    assert store.version_in_use(settings) == version
    found = speech_acts_in_use(settings)
    assert found is not None
    learned = speech_acts.learned_head(server_settings)
    expected = SpeechActs(Encoder(made_encoder(server_settings), "shared"), learned).predict(["halo"])[0]
    assert np.isclose(found.predict(["halo"])[0].probability, expected.probability, atol=0.01)


def test_predicting_needs_neither_torch_nor_scikit_learn(server_settings: Settings, settings: Settings) -> None:
    speech_acts.put_in_use(server_settings, settings)
    code = (
        "import sys; from ml.speech_acts.store import speech_acts_in_use; from warehouse.settings import get_settings;"
        "print(speech_acts_in_use(get_settings()).predict(['makasih kak'])[0].name,"
        " {'torch', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert answer.stdout.strip() == "thanks set()"
