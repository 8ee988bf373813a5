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
"""From these sums of the courtesies' probabilities on a message is surely, or likely, no more than one. In groups not
learned from 2 % and 5 % of the messages that ask are then taken for courtesies, and 74 % and 83 % of the courtesies."""

HARDLY_ASKS = 0.15
"""Up to this sum of the asking acts' probabilities a message hardly asks for anything; of those that ask, 4 % do not
exceed it in groups not learned from."""

NO_COMPLAINT = 0.3
"""Up to this probability a message is hardly a complaint."""


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
        return self.distribution["complaint"] > NO_COMPLAINT
