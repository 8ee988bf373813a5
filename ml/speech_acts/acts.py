"""The acts of customers' messages, and which of them ask for something."""

from __future__ import annotations

from typing import NamedTuple

ACTS = (
    "question",
    "request",
    "complaint",
    "correction",
    "statement",
    "greeting",
    "thanks",
    "agreement",
    "goodbye",
    "small_talk",
)
"""The first of those that a message holds is its act, so "thanks, and how much is shipping?" is a question."""

ASKING = ("question", "request", "complaint")
COURTESIES = ("greeting", "thanks", "agreement", "goodbye", "small_talk")

RELIABLE = 0.6
"""The least probability, 0 to 1, of an act that is relied on. Of 0.50, 0.55, 0.60 and so on it is the lowest at which
two errors are rare in groups not learned from: under 5 % of the messages that ask for nothing are predicted to ask, and
under 3 % of those that ask are predicted to be a courtesy. `python -m ml.speech_acts` shows both."""


class Act(NamedTuple):
    """The likeliest act of a message, and the probabilities of all acts, which sum to 1."""

    name: str
    probability: float
    distribution: dict[str, float]

    @property
    def is_reliable(self) -> bool:
        """Whether the act is likely enough to be relied on."""
        return self.probability >= RELIABLE
