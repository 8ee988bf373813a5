"""The messages that the project ships: labelled with known labels, and nothing that is judged is learned."""

from __future__ import annotations

from collections import Counter

import pytest

from ml.classifier import dataset
from ml.classifier.dataset import Message
from ml.classifier.evaluate import out_of_context
from ml.classifier.prepare import prepare

LEARNED = dataset.training_messages()
JUDGED = dataset.frozen_test()


def test_every_message_has_known_labels_and_a_text() -> None:
    for message in LEARNED + JUDGED:
        assert message.issue in dataset.ISSUES, message
        assert message.urgency in dataset.URGENCIES, message
        assert message.language in ("id", "en"), message
        assert message.text.strip() == message.text != "", message


def test_there_are_enough_messages_in_enough_groups_of_both_languages() -> None:
    messages = LEARNED + JUDGED
    assert len(messages) >= 900
    assert len({message.group for message in messages}) >= 220
    languages = Counter(message.language for message in messages)
    assert 0.45 < languages["id"] / len(messages) < 0.55


def test_no_text_stands_twice_even_after_preparation() -> None:
    texts = Counter(prepare(message.text) for message in LEARNED + JUDGED)
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_group_is_both_learned_and_judged() -> None:
    assert not {message.group for message in LEARNED} & {message.group for message in JUDGED}


def test_out_of_context_messages_are_never_learned() -> None:
    assert not {prepare(text) for text in out_of_context()} & {prepare(message.text) for message in LEARNED}


def test_a_group_has_one_issue() -> None:
    issues: dict[str, set[str]] = {}
    for message in LEARNED + JUDGED:
        issues.setdefault(message.group, set()).add(message.issue)
    assert [group for group, of_group in issues.items() if len(of_group) > 1] == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("issue", dataset.ISSUES)
def test_the_frozen_test_asks_every_issue_in_every_language(issue: str, language: str) -> None:
    assert sum(message.issue == issue and message.language == language for message in JUDGED) >= 15


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_split_keeps_groups_whole_and_loses_nothing(seed: int) -> None:
    training, validation = dataset.split(LEARNED, 0.2, seed)
    assert sorted(training + validation) == sorted(LEARNED)
    assert not _groups(training) & _groups(validation)
    assert {message.issue for message in validation} == set(dataset.ISSUES)
    assert 0.1 < len(validation) / len(LEARNED) < 0.3


def test_another_seed_splits_otherwise() -> None:
    assert _groups(dataset.split(LEARNED, 0.2, 1)[1]) != _groups(dataset.split(LEARNED, 0.2, 2)[1])


def _groups(messages: list[Message]) -> set[str]:
    return {message.group for message in messages}
