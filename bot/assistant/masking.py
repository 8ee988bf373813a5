"""The masks of the bot's exchanges with a language model: `ml.masking` with the bot's own words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bot.deciding.rules import fillers
from bot.vocabulary import words
from ml.masking.mask import Mask


def new_mask(region: str, name: str | None = None, known: Iterable[str] = ()) -> Mask:
    """A mask for one exchange, by what `Mask` takes; common words are never names."""
    return Mask(region, name, known, _common())


@cache
def _common() -> frozenset[str]:
    return words("indonesian") | words("english") | words("shared") | words("says_nothing") | fillers()
