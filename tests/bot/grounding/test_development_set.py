"""On answers written for it: what is faithful is rarely contradicted, and what is not is never supported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest
import yaml

from bot.grounding.rules import Verdict, check
from ml.statements.sentences import sentences
from warehouse.settings import ROOT

AUTHORS = {
    "with the rules": ("clothing_and_skincare", "coffee", "electronics_and_food", "kenari"),
    "by somebody else": ("books_and_stationery", "catering_and_cakes", "furniture"),
    "by the same, later": ("garden_and_tools", "pets", "phone_repair"),
}


class Case(NamedTuple):
    kind: str
    answer: str
    verdict: Verdict


def shops_of(files: Iterable[str]) -> list[dict[str, Any]]:
    texts = [(ROOT / "tests" / "data" / "grounding" / f"{name}.yml").read_text() for name in files]
    return [shop for text in texts for shop in yaml.safe_load(text).values()]


@pytest.fixture(scope="module")
def shops() -> list[dict[str, Any]]:
    return shops_of(name for files in AUTHORS.values() for name in files)


@pytest.fixture(scope="module", params=AUTHORS.values(), ids=AUTHORS)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    return [
        Case(kind, answer, check(answer, shop["sources"], question).verdict)
        for shop in shops_of(request.param)
        for kind, _, question, answer in shop["answers"]
    ]


def contradicted(cases: list[Case], *kinds: str) -> float:
    verdicts = [case.verdict for case in cases if case.kind in kinds]
    assert len(verdicts) >= 20
    return verdicts.count("contradicted") / len(verdicts)


def test_every_file_is_measured() -> None:
    files = {path.stem for path in (ROOT / "tests" / "data" / "grounding").glob("*.yml")}
    assert files == {name for names in AUTHORS.values() for name in names}


def test_faithful_answers_are_rarely_contradicted(cases: list[Case]) -> None:
    assert contradicted(cases, "faithful") <= 0.05


@pytest.mark.parametrize(("kind", "least"), [("value", 0.8), ("entity", 0.6), ("negation", 0.6)])
def test_what_is_changed_is_contradicted(cases: list[Case], kind: str, least: float) -> None:
    assert contradicted(cases, kind) >= least


def test_swapped_orders_and_promises_are_contradicted_too(cases: list[Case]) -> None:
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


def test_nothing_unfaithful_of_shops_that_no_rule_was_made_for_is_supported() -> None:
    """Counts only: nobody may read these answers while rules are changed."""
    folder = ROOT / "tests" / "data" / "grounding"
    files = [path for name in ("held_out", "unseen") for path in (folder / name).glob("*.yml")]
    verdicts = [
        (kind, check(answer, shop["sources"], question).verdict)
        for path in files
        for shop in yaml.safe_load(path.read_text()).values()
        for kind, _, question, answer in shop["answers"]
    ]
    assert len(verdicts) >= 700
    assert sum(kind != "faithful" and verdict == "supported" for kind, verdict in verdicts) == 0
