"""Verdicts in words, naming episodes but no customers, numbers or texts."""

from __future__ import annotations

from ml.satisfaction.models import Model
from ml.satisfaction.neighbours import Doubt, Neighbour, Verdict

_DOUBTS: dict[Doubt, str] = {
    "divided": "its neighbours do not agree",
    "far": "even its neighbours are unlike it",
    "few": "there are fewer than three to compare with",
}
_MODELS = {"paper": "the paper's model", "extended": "the extended model"}


def in_words(subject: str, model: Model, verdict: Verdict) -> str:
    """Lines with the subject, the prediction, the doubts, and each neighbour with its distance."""
    alike = sum(neighbour.satisfied == verdict.satisfied for neighbour in verdict.neighbours)
    rows = "rows" if model.name == "paper" else "rated episodes"
    lines = [
        subject,
        f"  Predicted {_satisfied(verdict.satisfied)}: so were {alike} of its {len(verdict.neighbours)} nearest,"
        f" says {_MODELS[model.name]} from {len(model.rows.names)} {rows}.",
    ]
    if verdict.doubts:
        lines.append(f"  In doubt, since {' and '.join(_DOUBTS[doubt] for doubt in verdict.doubts)}.")
    else:
        lines.append("  Not in doubt.")
    return "\n".join([*lines, *map(_neighbour, verdict.neighbours)])


def _neighbour(neighbour: Neighbour) -> str:
    return f"  {neighbour.name}, distance {neighbour.distance:.2f}: {_satisfied(neighbour.satisfied)}"


def _satisfied(satisfied: bool) -> str:
    return "satisfied" if satisfied else "not satisfied"
