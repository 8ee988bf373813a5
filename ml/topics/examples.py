"""Chooses examples of topics, and masks what is personal in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ml.masking.mask import Mask
from ml.onnx_model import Floats
from ml.topics.cluster import Numbers
from ml.topics.words import content_words, stop_words

EXAMPLES = 3
_FEWEST_WORDS, _MOST_WORDS = 3, 30
_CANDIDATES = 30
_FEWEST_WRITERS = 3


class Example(NamedTuple):
    """The position of a message, and its masked text."""

    message: int
    text: str


def masked(texts: Iterable[str], region: str) -> list[str]:
    """The texts without names, numbers and addresses, each by itself; `region` is that of phone numbers."""
    return [Mask(region, common=stop_words()).hide(text) for text in texts]


def examples(
    texts: Sequence[str], conversations: Sequence[str], positions: Floats, groups: Numbers, middles: Floats
) -> list[list[Example]]:
    """Up to 3 of the most central masked texts of each topic, from different conversations. Texts with a word that
    hardly anybody else uses, or with something masked, come last: such a word may be a name."""
    common = _common(texts, conversations)
    return [
        _of_topic(texts, conversations, positions @ middle, (groups == number).nonzero()[0].tolist(), common)
        for number, middle in enumerate(middles)
    ]


def _of_topic(
    texts: Sequence[str], conversations: Sequence[str], nearness: Floats, members: Sequence[int], common: frozenset[str]
) -> list[Example]:
    fitting = [place for place in members if _FEWEST_WORDS <= len(texts[place].split()) <= _MOST_WORDS]
    nearest = sorted(fitting or members, key=lambda place: (-nearness[place], place))[:_CANDIDATES]
    nearest.sort(key=lambda place: "[" in texts[place] or not common.issuperset(content_words(texts[place])))
    chosen: list[Example] = []
    seen: set[str] = set()
    for place in nearest:
        same = {conversations[place], " ".join(content_words(texts[place]))}
        if not same & seen:
            chosen.append(Example(place, _without_rare_names(texts[place], common)))
            seen |= same
    return chosen[:EXAMPLES]


def _without_rare_names(text: str, common: frozenset[str]) -> str:
    """The text with words masked that begin with a capital, not first, and are hardly used by anybody else."""
    first, *others = text.split(" ")
    return " ".join([first, *("[NAME]" if _is_rare_name(word, common) else word for word in others)])


def _is_rare_name(word: str, common: frozenset[str]) -> bool:
    return word[:1].isupper() and not word.isupper() and not common.issuperset(content_words(word))


def _common(texts: Sequence[str], conversations: Sequence[str]) -> frozenset[str]:
    """The words of at least 3 conversations."""
    used = {(word, who) for text, who in zip(texts, conversations, strict=True) for word in content_words(text)}
    counts = Counter(word for word, _ in used)
    return frozenset(word for word, writers in counts.items() if writers >= _FEWEST_WRITERS)
