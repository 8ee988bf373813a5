"""Predicting satisfaction: the paper's example, the rules of the neighbours, and the extended model."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from ml.satisfaction import models, report
from ml.satisfaction.__main__ import main
from ml.satisfaction.episodes import Episode
from ml.satisfaction.neighbours import NoRows, Rows, Verdict

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


def rows(*said: tuple[str, float, bool]) -> Rows:
    names, points, satisfied = zip(*said, strict=True)
    return Rows(names, np.array([[point] for point in points], dtype=float), np.array(satisfied))


def judge(table: Rows, *point: float, name: str | None = None) -> Verdict:
    return table.judge(np.array(point, dtype=float), name)


def names(verdict: Verdict) -> list[str]:
    return [neighbour.name for neighbour in verdict.neighbours]


def episode(number: int = 0, **known: object) -> Episode:
    """An episode of a quarter of an hour in which all went well; unrated."""
    started = JANUARY + timedelta(days=number)
    usual = Episode(f"e{number:04}", f"c{number:04}", started, 100, None, 15, 1, 4, 0, "order")
    return replace(usual, **known)  # type: ignore[arg-type]


def rated_episodes(count: int = 60) -> list[Episode]:
    """Half of them went well and were rated 4 or 5, the others did not; each a little different."""
    dice = random.Random(7)
    return [
        episode(
            number,
            comprehension=dice.uniform(80, 100) if number % 2 else dice.uniform(20, 60),
            rating=dice.choice([4, 5]) if number % 2 else dice.choice([1, 2, 3]),
            reply_minutes=dice.uniform(0, 2) if number % 2 else dice.uniform(30, 90),
            fallbacks=0 if number % 2 else dice.choice([1, 2]),
            customer_key=f"c{number // 3}",
        )
        for number in range(count)
    ]


def test_the_papers_example_is_not_satisfied_as_d2_d4_and_d6_say() -> None:
    verdict = judge(models.paper().rows, 65, 4, 6)
    assert not verdict.satisfied
    assert names(verdict) == ["D2", "D4", "D6"]
    assert [round(near.distance, 4) for near in verdict.neighbours] == [5.0, 5.8310, 15.0665]
    assert [near.satisfied for near in verdict.neighbours] == [True, False, False]
    assert verdict.share == pytest.approx(1 / 3)
    assert verdict.doubts == ("divided",)


def test_without_its_rating_the_example_is_judged_by_the_rest() -> None:
    verdict = judge(models.paper().rows, 65, np.nan, 6)
    assert names(verdict) == ["D2", "D4", "D6"]
    assert [round(near.distance, 4) for near in verdict.neighbours] == [5.0, 5.8310, 15.0333]


def test_a_model_that_was_kept_judges_as_the_one_that_was_learned() -> None:
    for model in (models.paper(), models.extended(rated_episodes())):
        kept = models.restored(model.name, json.loads(json.dumps(model.content())))
        assert kept.version == model.version
        for number in range(20):
            asked = episode(number, comprehension=number * 5.0, issue="refund", fallbacks=number % 3)
            assert kept.judge(asked) == model.judge(asked)


def test_how_long_it_will_be_says_nothing_of_one_that_goes_on() -> None:
    for model in (models.paper(), models.extended(rated_episodes())):
        short, long = episode(duration_minutes=1, messages=2), episode(duration_minutes=900, messages=80)
        assert model.judge_so_far(short) == model.judge_so_far(long)
        assert model.judge(short) != model.judge(long)


def test_neighbours_that_agree_leave_no_doubt_and_far_ones_do() -> None:
    paper = models.paper().rows
    assert judge(paper, 50, 3, 8).doubts == ()
    assert judge(paper, 20, 1, 30).doubts == ("far",)


def test_on_equal_distance_who_was_not_satisfied_is_nearer_then_who_stands_first() -> None:
    table = rows(("a", 9, True), ("b", 11, True), ("c", 9, False), ("d", 11, False), ("e", 11, False))
    verdict = judge(table, 10)
    assert names(verdict) == ["c", "d", "e"]
    assert names(judge(rows(("a", 9, True), ("b", 11, True), ("c", 9, True), ("d", 11, True)), 10)) == ["a", "b", "c"]


def test_fewer_than_three_rows_vote_in_doubt_and_a_tie_is_not_satisfied() -> None:
    one = judge(rows(("a", 1, True)), 0)
    assert (one.satisfied, one.share, one.doubts) == (True, 1.0, ("few",))
    two = judge(rows(("a", 1, True), ("b", 5, False)), 0)
    assert (two.satisfied, two.share, two.doubts) == (False, 0.5, ("divided", "few"))


def test_nobody_is_judged_by_nobody_nor_by_themselves() -> None:
    with pytest.raises(NoRows):
        Rows([], np.empty((0, 1)), np.array([], dtype=bool)).judge(np.array([1.0]))
    with pytest.raises(NoRows):
        judge(rows(("a", 1, True)), 1, name="a")
    assert names(judge(rows(("a", 1, True), ("b", 2, True)), 1, name="a")) == ["b"]


def test_the_verdict_is_that_of_scikit_learn() -> None:
    dice = np.random.default_rng(5)
    points, satisfied = dice.normal(size=(80, 4)), dice.random(80) < 0.6
    table = Rows([f"{number:02}" for number in range(80)], points, satisfied)
    theirs = KNeighborsClassifier(n_neighbors=3).fit(points, satisfied)
    for point in dice.normal(size=(200, 4)):
        ours = table.judge(point)
        distances, places = theirs.kneighbors([point])
        assert names(ours) == [f"{place:02}" for place in places[0]]
        assert [near.distance for near in ours.neighbours] == pytest.approx(list(distances[0]))
        assert ours.satisfied == theirs.predict([point])[0]


def test_the_papers_rows_serve_until_enough_episodes_are_rated() -> None:
    rated = rated_episodes()
    assert models.train([]).name == "paper"
    assert models.train(rated[:29]).name == "paper"
    assert models.train(rated[:30]).name == "extended"
    assert models.train([replace(one, rating=5) for one in rated]).name == "paper"


def test_the_extended_model_tells_a_good_episode_from_a_bad_one() -> None:
    model = models.train(rated_episodes())
    assert model.judge(episode(900, comprehension=95)).satisfied
    assert not model.judge(episode(901, comprehension=30, reply_minutes=60, fallbacks=2)).satisfied


def test_each_feature_moves_an_episode_away_and_a_rating_counts_only_if_there_is_one() -> None:
    model = models.extended(rated_episodes())
    usual = model.point(episode())
    changed = {"comprehension": 50, "duration_minutes": 600, "reply_minutes": 60, "messages": 20, "fallbacks": 3}
    for name, value in changed.items():
        assert np.nansum((model.point(episode(**{name: value})) - usual) ** 2) > 0.01, name
    of_issues = model.point(episode(issue="refund")) - model.point(episode(issue="order"))
    assert np.sqrt(np.nansum(of_issues**2)) == pytest.approx(1)
    assert np.isnan(usual[report.RATING])
    assert np.isfinite(model.point(episode(rating=3))).all()


def test_a_feature_that_is_the_same_for_all_changes_nothing() -> None:
    same = [replace(one, fallbacks=0, messages=4, issue="order") for one in rated_episodes()]
    model = models.train(same)
    assert np.isfinite(model.rows.points).all()
    assert model.judge(episode(900)).satisfied


def test_only_the_youngest_ratings_are_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "LATEST", 40)
    model = models.train(list(reversed(rated_episodes(60))))
    assert sorted(model.rows.names) == [f"e{number:04}" for number in range(20, 60)]


def test_the_version_is_the_training_rows() -> None:
    rated = rated_episodes()
    version = models.train(rated).version
    assert models.train(list(reversed(rated))).version == version
    assert models.train(rated[1:]).version != version


def test_the_comparison_finds_what_there_is_to_find() -> None:
    found = report.compare(rated_episodes(), repeats=2)
    assert found.keys() == report.JUDGES.keys()
    for name in ("3 neighbours", "decision tree", "logistic regression"):
        assert found[name]["kappa"][0] > 0.9, name
    assert found["the commoner answer"]["kappa"][0] <= 0
    for mean, least, greatest in found["3 neighbours"].values():
        assert least <= mean <= greatest


def test_where_ratings_mean_nothing_no_model_seems_good() -> None:
    dice = random.Random(3)
    meaningless = [replace(one, rating=dice.choice([1, 2, 4, 5])) for one in rated_episodes(120)]
    found = report.compare(meaningless, repeats=3)
    for name in ("3 neighbours", "decision tree", "logistic regression"):
        assert found[name]["kappa"][0] < 0.25, name


def test_a_customer_is_never_learned_from_and_judged_at_once() -> None:
    rated = rated_episodes()
    truth = [models.is_satisfied(one) for one in rated]
    folds = list(report._folds(rated, truth, seed=1))
    assert sum(len(judged) for _, judged in folds) == len(rated)
    for learned, judged in folds:
        assert not {rated[row].customer_key for row in learned} & {rated[row].customer_key for row in judged}


@pytest.mark.parametrize(
    "arguments",
    [["65", "4", "6"], ["--comprehension", "65", "--rating", "4", "--duration", "6"]],
)
def test_explain_shows_the_papers_example(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *arguments]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines() == [
        "Comprehension 65 %, rating 4, 6 min",
        "  Predicted not satisfied: so were 2 of its 3 nearest, says the paper's model from 6 rows.",
        "  In doubt, since its neighbours do not agree.",
        "  D2, distance 5.00: satisfied",
        "  D4, distance 5.83: not satisfied",
        "  D6, distance 15.07: not satisfied",
    ]


def test_explain_needs_no_rating(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--comprehension", "90", "--duration", "5"]) == 0
    assert "not rated" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["65", "9", "6"], ["101", "4", "6"], ["65", "4", "nan"], []])
def test_explain_refuses_what_cannot_be(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *arguments]) == 2
    assert capsys.readouterr().err.startswith("ml.satisfaction: ")
