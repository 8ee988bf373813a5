"""Evaluates satisfaction prediction for unseen customers, beside other models.

Five-fold cross-validation, repeated ten times, with all episodes of a customer in one fold. The positive class is "not
satisfied", which is handed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, cohen_kappa_score, precision_score, recall_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.tree import DecisionTreeClassifier

from ml.satisfaction import episodes, models
from ml.satisfaction.episodes import Episode
from ml.satisfaction.models import Model, is_satisfied
from ml.satisfaction.neighbours import Verdict
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings

FOLDS = 5
REPEATS = 10
"""Times that the cross-validation is repeated, each with other folds."""

Answers = list[bool]
Judge = Callable[[Sequence[Episode], Sequence[Episode]], Answers]
"""Learns from the first episodes and predicts whether the second were satisfied."""

Figures = dict[str, tuple[float, float, float]]
"""Mean, minimum and maximum over the repeats."""


def compare(rated: Sequence[Episode], repeats: int = REPEATS) -> dict[str, Figures]:
    """The figures of each model on rated episodes, of at least one customer per fold."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    truth = [is_satisfied(episode) for episode in rated]
    for seed in range(repeats):
        folds = list(_folds(rated, truth, seed))
        for name, judge in JUDGES.items():
            answers: dict[int, bool] = {}
            for learned, judged in folds:
                predicted = judge([rated[row] for row in learned], [rated[row] for row in judged])
                answers |= zip(judged, predicted, strict=True)
            for figure, value in _figures(truth, [answers[row] for row in range(len(rated))]).items():
                found[name][figure].append(value)
    return {
        name: {figure: (float(np.mean(values)), min(values), max(values)) for figure, values in figures.items()}
        for name, figures in found.items()
    }


def measured(rated: Sequence[Episode], repeats: int = 3) -> dict[str, dict[str, float]]:
    """The mean figures of each model for the registry; empty if there are too few episodes."""
    if _too_few(rated):
        return {}
    compared = compare(rated, repeats)
    return {
        name: {figure: mean for figure, (mean, _least, _most) in figures.items()} for name, figures in compared.items()
    }


def handover(rated: Sequence[Episode]) -> str:
    """The effect of handing over all who are predicted not satisfied or in doubt, over one round of folds."""
    truth = [is_satisfied(episode) for episode in rated]
    doubtful, kept = [False] * len(rated), [False] * len(rated)
    for learned, judged in _folds(rated, truth, seed=0):
        model = models.extended([rated[row] for row in learned])
        for row in judged:
            verdict = model.judge(_unrated(rated[row]))
            doubtful[row] = bool(verdict.doubts)
            kept[row] = verdict.satisfied and not verdict.doubts
    lost_to_a_person = [not stays for stays, satisfied in zip(kept, truth, strict=True) if not satisfied]
    return _(
        "The neighbours disagree on {doubtful} of the episodes. Handing over those, and those predicted as not "
        "satisfied, hands over {handed_over} of all episodes and {found} of those that were not satisfied.",
        doubtful=f"{np.mean(doubtful):.0%}",
        handed_over=f"{1 - np.mean(kept):.0%}",
        found=f"{np.mean(lost_to_a_person):.0%}",
    )


def show(settings: Settings) -> None:
    """Print the comparison and its limits. Raises NoMarts."""
    console = Console()
    ended = episodes.read(settings)
    rated = [episode for episode in ended if episode.rating is not None]
    satisfied = sum(map(is_satisfied, rated))
    customers = _customers(rated)
    console.print(
        _(
            "Ended episodes: {ended}. Rated: {rated}, by {customers} customers. "
            "Satisfied (rating {least} or 5): {satisfied}.",
            ended=len(ended),
            rated=len(rated),
            customers=customers,
            least=models.SATISFIED_FROM,
            satisfied=satisfied,
        )
    )
    if _too_few(rated):
        console.print(_("Too few ratings to compare models. The six rows of the paper are used."))
        return
    console.print(_table(compare(rated)))
    console.print(_("The last row is given the rating it predicts. It only shows that the distance uses the rating."))
    console.print(handover(rated))
    console.print(_("These figures are about customers who rated. How well they apply to others is not known."))


def _too_few(rated: Sequence[Episode]) -> bool:
    satisfied = sum(map(is_satisfied, rated))
    return min(satisfied, len(rated) - satisfied, _customers(rated)) < FOLDS


def _customers(rated: Sequence[Episode]) -> int:
    return len({episode.customer_key for episode in rated})


def _table(found: dict[str, Figures]) -> Table:
    title = _(
        "Customers who were not satisfied, found without their rating ({repeats} × {folds} folds)",
        repeats=REPEATS,
        folds=FOLDS,
    )
    table = Table("", "accuracy", "precision", "recall", "kappa (least, greatest)", title=title)
    for name, figures in found.items():
        *others, (kappa, least, greatest) = figures.values()
        table.add_row(name, *(f"{mean:.2f}" for mean, *_rest in others), f"{kappa:.2f} ({least:.2f}, {greatest:.2f})")
    return table


def _folds(rated: Sequence[Episode], truth: Answers, seed: int) -> Iterator[tuple[list[int], list[int]]]:
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    customers = [episode.customer_key for episode in rated]
    for learned, judged in splitter.split(np.zeros(len(rated)), truth, customers):
        yield learned.tolist(), judged.tolist()


def _figures(truth: Answers, answers: Answers) -> dict[str, float]:
    lost, said_lost = np.logical_not(truth), np.logical_not(answers)
    return {
        "accuracy": float(accuracy_score(lost, said_lost)),
        "precision": float(precision_score(lost, said_lost, zero_division=0)),
        "recall": float(recall_score(lost, said_lost, zero_division=0)),
        "kappa": float(np.nan_to_num(cohen_kappa_score(lost, said_lost))),
    }


def _unrated(episode: Episode) -> Episode:
    return replace(episode, rating=None)


def _paper(_learned: Sequence[Episode], judged: Sequence[Episode]) -> Answers:
    return _answers(models.paper(), map(_unrated, judged))


def _neighbours(learned: Sequence[Episode], judged: Sequence[Episode]) -> Answers:
    return _answers(models.extended(learned), map(_unrated, judged))


def _neighbours_with_rating(learned: Sequence[Episode], judged: Sequence[Episode]) -> Answers:
    return _answers(models.extended(learned), judged)


def _answers(model: Model, judged: Any) -> Answers:
    verdicts: Iterator[Verdict] = map(model.judge, judged)
    return [verdict.satisfied for verdict in verdicts]


def _commonest(learned: Sequence[Episode], judged: Sequence[Episode]) -> Answers:
    return [2 * sum(map(is_satisfied, learned)) > len(learned)] * len(judged)


def _classifier(make: Callable[[], Any]) -> Judge:
    """A scikit-learn classifier on the same scaled columns, also without the rating. Class weights are balanced;
    otherwise it would rarely predict the rarer class, which is the one that matters."""

    def judge(learned: Sequence[Episode], judged: Sequence[Episode]) -> Answers:
        model = models.extended(learned)
        fitted = make().fit(np.delete(model.rows.points, RATING, axis=1), model.rows.satisfied)
        points = np.nan_to_num(np.array([model.point(_unrated(episode)) for episode in judged]))
        return [bool(answer) for answer in fitted.predict(np.delete(points, RATING, axis=1))]

    return judge


RATING = 1  # its column in the extended model

JUDGES: dict[str, Judge] = {
    "the commoner answer": _commonest,
    "the paper's six rows": _paper,
    "3 neighbours": _neighbours,
    "decision tree": _classifier(lambda: DecisionTreeClassifier(max_depth=3, class_weight="balanced", random_state=0)),
    "logistic regression": _classifier(lambda: LogisticRegression(max_iter=1_000, class_weight="balanced")),
    "3 neighbours, rated": _neighbours_with_rating,
}
