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

SURE, LIKELY = 0.7, 0.5
"""The sums of the courtesies' probabilities, 0 to 1, from which on a message is surely, or likely, nothing else; for a
complaint its own probability. `python -m ml.speech_acts` shows the errors at these and other thresholds."""

HARDLY_ASKS = 0.15
"""The sum of the asking acts' probabilities up to which a message hardly asks for anything. In groups not learned from,
4 % of the messages that ask are not above it."""

MAY_COMPLAIN = 0.3
"""The probability from which on a message may be a complaint, so that it gets no reply to a courtesy."""


class Act(NamedTuple):
    """The likeliest act of a message, and the probabilities of all acts, which sum to 1."""

    name: str
    probability: float
    distribution: dict[str, float]

    @property
    def courtesy(self) -> float:
        """The probability that the message is a courtesy, of whichever kind."""
        return sum(self.distribution[act] for act in COURTESIES)

    @property
    def likeliest_courtesy(self) -> str:
        return max(COURTESIES, key=self.distribution.__getitem__)

    @property
    def hardly_asks(self) -> bool:
        return sum(self.distribution[act] for act in ASKING) <= HARDLY_ASKS

    @property
    def may_complain(self) -> bool:
        return self.distribution["complaint"] >= MAY_COMPLAIN
