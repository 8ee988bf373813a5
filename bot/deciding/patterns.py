"""The pattern language of a shop's rules.

- `jam buka`: these words in this order, with fillers (`kak`, `dong`, `please`) allowed between them
- `kirim*`: words with this beginning; `ada/punya`: either word; `*` alone: up to three other words
- `=ok`: the whole message

`ml.slang` expands both sides first, and a word also matches with `-nya`, `-ku`, `-mu`, `-kah` or `-lah` appended. There
are no regular expressions, so matching takes at most (words of the pattern × words of the message) steps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ml.slang import expand

MAX_CHARACTERS = 200
MAX_WORDS = 12
MAX_SKIPPED = 3

_MAX_READ = 600  # characters at the beginning and at the end of a long text
_LEFT_OUT = ""  # stands for the middle of a long text; no pattern matches it
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_ALLOWED = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*\*?")
_ENDINGS = ("nya", "ku", "mu", "kah", "lah")
_SKIP = "*"


class Element(NamedTuple):
    """One position of a pattern: alternative words or beginnings of words, or a skip."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()
    is_skip: bool = False

    def matches(self, token: str) -> bool:
        return token in self.words or any(map(token.startswith, self.beginnings)) or _stem(token) in self.words


class Pattern(NamedTuple):
    elements: tuple[Element, ...]
    is_whole: bool = False


class InvalidPattern(ValueError):
    """The message is the reason, for the person who wrote the pattern."""


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text for matching: Unicode-normalised, slang expanded, lower case; of a long text those of
    `parts_read`."""
    beginning, *end = (_words(part) for part in parts_read(text))
    return (*beginning, _LEFT_OUT, *end[0]) if end else beginning


def parts_read(text: str) -> tuple[str, ...]:
    """The text, or of more than 1,200 characters its beginning and its end, which hold the topic and the request."""
    if len(text) <= 2 * _MAX_READ:
        return (text,)
    return text[:_MAX_READ], text[-_MAX_READ:]


def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return tuple(_WORD.findall(expand(_APOSTROPHE.sub("", folded)).lower()))


@lru_cache(maxsize=4096)
def read(text: str) -> Pattern:
    """Parse a pattern. Raises InvalidPattern."""
    written = text.strip()
    if len(written) > MAX_CHARACTERS:
        raise InvalidPattern(f"longer than {MAX_CHARACTERS} characters")
    is_whole = written.startswith("=")
    elements = tuple(element for word in written.removeprefix("=").split() for element in _elements(word))
    if not elements or all(element.is_skip for element in elements):
        raise InvalidPattern("has no word")
    if len(elements) > MAX_WORDS:
        raise InvalidPattern(f"has more than {MAX_WORDS} words")
    return Pattern(elements, is_whole)


def _elements(word: str) -> list[Element]:
    if word == _SKIP:
        return [Element(frozenset(), is_skip=True)]
    alternatives = word.split("/")
    if not all(_ALLOWED.fullmatch(each) for each in alternatives):
        raise InvalidPattern(f"“{word}” is no word: letters, digits, * at the end of a word, / between words")
    if len(alternatives) == 1:
        return _single(word)
    return [
        Element(
            frozenset(token for each in alternatives if not each.endswith(_SKIP) for token in tokens(each)),
            tuple(each.removesuffix(_SKIP).lower() for each in alternatives if each.endswith(_SKIP)),
        )
    ]


def _single(word: str) -> list[Element]:
    """Slang may expand to several words: `ongkir` to `ongkos kirim`."""
    if word.endswith(_SKIP):
        return [Element(frozenset(), (word.removesuffix(_SKIP).lower(),))]
    return [Element(frozenset([token])) for token in tokens(word)]


def ends(pattern: Pattern, words: Sequence[str], start: int, fillers: frozenset[str]) -> set[int]:
    """Where matches that begin at `start` end; empty for no match. Advancing a set of positions element by element
    takes at most 3 × n × m steps for n elements and m words."""
    if pattern.is_whole and start:
        return set()
    reached = {start}
    for number, element in enumerate(pattern.elements):
        reached = _step(element, words, reached, fillers if number else frozenset())
        if not reached:
            return set()
    return reached & {len(words)} if pattern.is_whole else reached


def _step(element: Element, words: Sequence[str], reached: set[int], fillers: frozenset[str]) -> set[int]:
    if element.is_skip:
        return {
            place + skipped for place in reached for skipped in range(MAX_SKIPPED + 1) if place + skipped <= len(words)
        }
    found = set()
    for place in _over_fillers(words, reached, fillers):
        if element.matches(words[place]):
            found.add(place + 1)
    return found


def _over_fillers(words: Sequence[str], reached: set[int], fillers: frozenset[str]) -> set[int]:
    """The reached positions and those after fillers that follow them, within the message."""
    places = set()
    for place in sorted(reached):
        while place < len(words) and place not in places:
            places.add(place)
            if words[place] not in fillers:
                break
            place += 1
    return places


def _stem(token: str) -> str:
    for ending in _ENDINGS:
        stem = token.removesuffix(ending)
        if stem != token and len(stem) >= 3:
            return stem
    return token
