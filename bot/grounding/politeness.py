"""Parts of an answer that state nothing: greetings, thanks, offers of help."""

from __future__ import annotations

import re

from ml.statements.clauses import Clause
from ml.statements.lexicon import listed

_QUESTION = re.compile(r"\?[\"”')\s]*$")


def is_polite(clause: Clause) -> bool:
    """Whether a part only greets, thanks, apologises or offers help. What answers a yes-or-no question does not."""
    words = set(clause.words)
    if clause.values or not words <= listed("politeness") or clause.words[:1] == ("ya",):
        return False
    if words <= listed("addresses") or _QUESTION.search(clause.said):
        return True
    if words & listed("abilities") and not words & listed("invitations"):
        return False
    return bool(words & listed("courtesies") or (words & listed("invitations") and words & listed("offers")))
