"""Recognises topics of earlier runs among new ones by their centres."""

from __future__ import annotations

from scipy.optimize import linear_sum_assignment

from ml.onnx_model import Floats

SAME = 0.6
"""The cosine of two centres from which on they are one topic's. Different topics' are rarely above 0.4."""


def match(known: Floats, found: Floats) -> dict[int, int]:
    """For centres `found` (topics, 60) the position of the known one that each is, so that the sum of cosines is the
    largest; none for a new topic. Each known one is matched at most once."""
    if not len(known) or not len(found):
        return {}
    cosines = found @ known.T
    pairs = zip(*linear_sum_assignment(-cosines), strict=True)
    return {int(new): int(old) for new, old in pairs if cosines[new, old] >= SAME}
