"""Numbers as they are written or said (`1.500.000`, `seminggu`, `setengah empat`), and the units beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ml.statements.lexicon import table

# Possessive, so that a long run of digits does not take quadratic time.
PLAIN = r"(?<!\d)(?<!\d[.,])\d++(?:[.,]\d++)*+"
RANGE = r"\s*(?:-|–|—|s/d|sd|sampai|hingga|to|until|till|atau|or|and|dan|/)\s*"
SOFT = "\ue00a"
"""Before a number that a word such as `sehari` implies."""

_DAYS_BEFORE = re.compile(r"\bh\s?-\s?(\d{1,2})(?!\d)")


def number(text: str) -> float:
    """`1.500.000`, `185,000`, `0,3`."""
    parts = re.split(r"[.,]", text)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0":
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else float(text)


def counts(text: str) -> set[float]:
    """The numbers of a text, in digits or words, whatever they count."""
    said = table("units")["numbers"]
    words = re.findall(r"[^\W\d_]+", text.lower())
    spelled = {float(said[form]) for word in words for form in (word, word.removeprefix("ke")) if form in said}
    return spelled | {number(each) for each in re.findall(PLAIN, text)}


@cache
def units() -> Mapping[str, tuple[str, float]]:
    """Unit -> (kind, size)."""
    return {
        word: (kind, float(size))
        for kind, sizes in table("units")["units"].items()
        for size, words in sizes.items()
        for word in words.split()
    }


@cache
def scales() -> Mapping[str, float]:
    """`ribu` -> 1000."""
    return {word: float(size) for size, words in table("units")["scales"].items() for word in words.split()}


@cache
def any_of(words: tuple[str, ...]) -> str:
    """A pattern of words, of which the longest fits."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def as_digits(text: str) -> str:
    """A text in lower case with `seminggu`, `two weeks`, `setengah 4`, `half past 3` and `H-2` in digits."""
    written, joined, halves, half_hour = _spelled()
    numbers = table("units")["numbers"]
    text = _DAYS_BEFORE.sub(r"\1 hari sebelum", text)
    text = half_hour.sub(lambda match: _half_hour(match, numbers), text)
    text = halves.sub(lambda match: f"{numbers.get(match[1], match[1]) or 0}.5 ", text)
    # Twice, since the first number of a range is seen to be one only before digits.
    for _ in range(2):
        text = written.sub(lambda match: str(numbers[match[1]]), text)
    return joined.sub(lambda match: f"{SOFT}1 " if match[1] in ("hari", "day") else "1 ", text)


def _half_hour(match: re.Match[str], numbers: Mapping[str, int]) -> str:
    """The half of an hour is said before the hour in Indonesian, and after it in English."""
    said = match[1] or match[2]
    hour = int(numbers.get(said, said)) - (match[1] is not None)
    return f"jam {hour}.30" if 0 <= hour <= 12 else match[0]


@cache
def _spelled() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = any_of(tuple(table("units")["numbers"]))
    unit = any_of((*(word for word in units() if word.isalpha() and len(word) > 1), *scales()))
    written = re.compile(rf"\b({words})(?=(?:{RANGE}(?:{words}|\d+))?[\s-]+{unit}\b)")
    joined = re.compile(rf"\b(?:se|(?:a|an)\s+)(?=({unit})\b)(?!cond)")
    halves = re.compile(rf"\b(?:({words}|\d++)\s+(?:and a half|setengah)|setengah|half an?)\s+(?={unit}\b)")
    hour = rf"\b({words}|\d{{1,2}})(?![\w.])"
    half_hour = re.compile(rf"\b(?:(?:jam|pukul)\s+)?setengah\s+{hour}(?!\s*{unit}\b)|\bhalf past\s+{hour}")
    return written, joined, halves, half_hour
