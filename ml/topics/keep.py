"""Keeps topics from run to run: what was found before stays, and what is new joins it or becomes a topic of its own.

Clustering anew would split and join topics as messages come: of 100, 15 were not recognised after a tenth of the
messages was new.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.onnx_model import Floats
from ml.topics.cluster import FEWEST, FEWEST_OF, NO_TOPIC, Numbers, assign, centres

OUTGROWN = 2.0
"""When there are more than twice as many messages as in the run before, topics are found anew."""


def keep(before: Numbers, is_fresh: npt.NDArray[np.bool_], found: Numbers, positions: Floats) -> Numbers:
    """The topic of each message (messages,): those known from `before` by their numbers, new ones numbered on from the
    largest of these. `found`: the groups of a clustering of all messages; `is_fresh`: what the run before did not see.

    A group is a new topic if most of its messages had none. Other fresh messages join the nearest known topic."""
    groups = np.where(is_fresh, NO_TOPIC, before)
    known = int(groups.max()) + 1
    unknown = groups == NO_TOPIC
    kept = groups.copy()
    fewest = max(FEWEST, len(groups) // FEWEST_OF)
    following = known
    for number in range(int(found.max()) + 1):
        members = found == number
        if (members & unknown).sum() >= max(fewest, members.sum() / 2):
            kept[members & unknown] = following
            following += 1
    joining = is_fresh & (kept == NO_TOPIC)
    if known and joining.any():
        kept[joining] = assign(positions[joining], centres(positions, groups))
    return kept
