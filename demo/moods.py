"""The rating that a customer of the demo shop gives at the end of a conversation.

The dialogue gives a range for its topic (`!rate 2-4`). The rest depends on what happened: the bot had no answer, the
customer had to repeat the question or to wait, or an agent helped in the end.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import log2

_AT_BEST = 5.1
_OF_THE_MATTER = 0.45
_FALLBACK, _REPETITION, _WAITING, _HELPED = 0.75, 0.8, 0.26, 0.5
_CHANCE = 0.4
_MINUTES_TAKEN_FOR_GRANTED = 5


@dataclass
class Mood:
    """What has happened to a customer so far. `longest_wait` is in seconds, from a message to the next reply."""

    fallbacks: int = 0
    repetitions: int = 0
    longest_wait: float = 0.0
    is_helped_by_a_person: bool = False

    def waited(self, seconds: float) -> None:
        self.longest_wait = max(self.longest_wait, seconds)

    def rating(self, least: int, most: int, rng: random.Random) -> int:
        """The rating, 1 to 5. `least` and `most` are the usual range for the topic."""
        value = _AT_BEST - _OF_THE_MATTER * (5 - (least + most) / 2)
        value -= _FALLBACK * self.fallbacks + _REPETITION * self.repetitions
        value -= _WAITING * log2(1 + self.longest_wait / 60 / _MINUTES_TAKEN_FOR_GRANTED)
        value += _HELPED * self.is_helped_by_a_person
        return min(5, max(1, round(rng.gauss(value, _CHANCE))))
