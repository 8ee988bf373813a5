"""How customers write a rating."""

from __future__ import annotations

import re
import unicodedata

TEMPLATE = "rating"
"""The approved template with buttons, whose payloads are `rating:1` to `rating:5`."""

_BUTTON = re.compile(r"rating:([1-5])")
_WORD = re.compile(r"\w+")
_IN_WORDS = "satu dua tiga empat lima one two three four five 1 2 3 4 5"
_NUMBERS = {word: place % 5 + 1 for place, word in enumerate(_WORD.findall(_IN_WORDS))}
# Words that customers write around the number.
_AROUND = frozenset(
    _WORD.findall(
        "kak kakak ka min admin ya yaa yah deh aja saja dong sih oke ok okay nih itu "
        "makasih terimakasih terima kasih trims thanks thank you thx "
        "rating nilai nilainya penilaian bintang skor score star stars poin points point "
        "saya aku i beri give from me dari a buat untuk"
    )
)
_OF_FIVE = re.compile(r"(?<=[1-5])\s*(?:/|dari|out of)\s*5\b")
_STAR = re.compile("[\u2605\u2b50\U0001f31f]")
_INVISIBLE = re.compile("[\ufe0e\ufe0f\u20e3\u200d]")
_HARMLESS_MARKS = frozenset(".,!~()*:;'\"")
_HARMLESS_CATEGORIES = frozenset({"So", "Sk", "Zs", "Cc"})  # emoji, skin tones, spaces, line ends


def rating_in(text: str, button: str | None = None, around: frozenset[str] = frozenset()) -> int | None:
    """The rating, 1 to 5, of a message that is only that: "5", "4/5 kak", "lima", four stars, or a button with the
    payload `rating:4`. None for texts such as "5 pcs", "1-5" or "5?". `around`: more words that may stand beside it."""
    if button and (pressed := _BUTTON.fullmatch(button)):
        return int(pressed[1])
    cleaned = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    if stars := _STAR.findall(cleaned):
        rest = _words(_STAR.sub("", cleaned), around)
        return len(stars) if rest == [] and len(stars) <= 5 else None
    words = _words(_OF_FIVE.sub("", cleaned), around)
    return _NUMBERS.get(words[0]) if words is not None and len(words) == 1 else None


def _words(cleaned: str, around: frozenset[str]) -> list[str] | None:
    """The words except those around a rating; None if there are characters that no rating has."""
    if not all(_is_harmless(character) for character in _WORD.sub("", cleaned)):
        return None
    return [word for word in _WORD.findall(cleaned) if word not in _AROUND and word not in around]


def _is_harmless(character: str) -> bool:
    """False for characters such as a question mark, a hyphen or a percent sign."""
    return character in _HARMLESS_MARKS or unicodedata.category(character) in _HARMLESS_CATEGORIES
