"""On answers written for it: what is faithful is rarely contradicted, and what is not is never supported."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import yaml

from bot.grounding.rules import Verdict, check
from ml.statements.clauses import sentences
from warehouse.settings import ROOT


class Case(NamedTuple):
    kind: str
    answer: str
    verdict: Verdict


@pytest.fixture(scope="module")
def shops() -> list[dict[str, Any]]:
    files = (ROOT / "tests" / "data" / "grounding").glob("*.yml")
    return [shop for path in files for shop in yaml.safe_load(path.read_text()).values()]


@pytest.fixture(scope="module")
def cases(shops: list[dict[str, Any]]) -> list[Case]:
    return [
        Case(kind, answer, check(answer, shop["sources"], question).verdict)
        for shop in shops
        for kind, _, question, answer in shop["answers"]
    ]


def contradicted(cases: list[Case], *kinds: str) -> float:
    verdicts = [case.verdict for case in cases if case.kind in kinds]
    assert len(verdicts) >= 20
    return verdicts.count("contradicted") / len(verdicts)


def test_faithful_answers_are_rarely_contradicted(cases: list[Case]) -> None:
    assert contradicted(cases, "faithful") <= 0.05


def test_changed_numbers_are_contradicted(cases: list[Case]) -> None:
    assert contradicted(cases, "value") >= 0.8


def test_swapped_entities_and_flipped_negations_are_contradicted(cases: list[Case]) -> None:
    assert contradicted(cases, "entity", "negation", "order", "promise") >= 0.6


def test_nothing_unfaithful_is_supported(cases: list[Case]) -> None:
    assert [case.answer for case in cases if case.kind != "faithful" and case.verdict == "supported"] == []


def test_what_is_copied_from_a_source_is_mostly_supported_and_never_contradicted(shops: list[dict[str, Any]]) -> None:
    """The rest are sentences that depend on the ones beside them."""
    verdicts = [
        check(sentence, shop["sources"], "").verdict
        for shop in shops
        for source in shop["sources"]
        for sentence in sentences(source)
        if sentence.endswith(".")
    ]
    assert verdicts.count("contradicted") == 0
    assert verdicts.count("supported") >= 0.8 * len(verdicts)
