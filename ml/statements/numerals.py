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
"""Before a number that a word such as `sehari` implies, or that is spelled and counts what is no unit."""
NTH = "\ue00b"
"""Before the number of an ordinal."""

_PART_OF_DAY = r"pagi|siang|sore|petang|am|pm|o'clock|in the (?:morning|afternoon|evening)|at night"
_QUARTERS = re.compile(r"\b(?:(three)[\s-]+quarters of|(?:a )?quarter of) an hour\b")
_WRITTEN_OUT = [
    (re.compile(pattern), written)
    for pattern, written in (
        (r"\btwice\b", "two times"), (r"\bsatu kali\b", "1 kali"),
        (r"\b(\d{1,2})\s?x(?=\s*[a-z]|\s*$|[.,;])", r"\1 kali"), (r"\b(\d)x(\d)\b", r"\1 kali \2"),
        (r"\b24/7\b", "every_day 24 jam"), (r"(?<![\d/])1[/⁄]2(?![\d/])", "0.5"),
        (r"(?<![\d/])1[/⁄]4(?![\d/])", "0.25"),
        (r"(?<![\d/])3[/⁄]4(?![\d/])", "0.75"),
        (r"(?<=\d)-?an\b", ""), (r"\bke-(?=\d)", NTH), (r"\b(\d{1,2})(?:st|nd|rd|th)\b(?!\s+of\b)", rf"{NTH}\1"),
        (r"\b(\d+)-(?=[a-z]{3,})", r"\1 "), (r"\bfortnight\b", "two weeks"),
        (r"\b(?:an?|one) (hour|day|week|month|year|kilo) and a half\b", r"1.5 \1"),
        (r"\b(?:se|satu )jam setengah\b", "1.5 jam"),
        (r"\b(\d{1,2}) jam setengah\b", r"\1.5 jam"),
    )
]  # fmt: skip
_MAY_BE_WRITTEN_OUT = re.compile(r"\d|twice|satu kali|fortnight|and a half|jam setengah")
_HALF = 50
_DAYS_BEFORE = re.compile(r"\bh\s?-\s?(\d{1,2})(?!\d)")


def number(text: str) -> float:
    """`1.500.000`, `185,000`, `0,3`."""
    parts = re.split(r"[.,]", text)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0":
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else float(text)


def counts(text: str) -> set[float]:
    """The numbers of a text, in digits or words, whatever they count."""
    return {number(each) for each in re.findall(PLAIN, _spelled_as_digits(text.lower()))}


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
    """A text in lower case with `seminggu`, `two weeks`, `setengah 4`, `a third of` and `H-2` in digits."""
    fractions, shares = _fractions()
    return fractions.sub(
        lambda match: f"{SOFT if shares[match[1]] == _HALF else ''}{shares[match[1]]} percent", _spelled_as_digits(text)
    )


def _spelled_as_digits(text: str) -> str:
    joined, halves, half_hour, spelled, ordinals = _spelled()
    for pattern, written in _WRITTEN_OUT if _MAY_BE_WRITTEN_OUT.search(text) else ():
        text = pattern.sub(written, text)
    text = _DAYS_BEFORE.sub(r"\1 hari sebelum", text)
    text = half_hour.sub(_half_hour, text)
    text = _QUARTERS.sub(lambda match: "45 minutes" if match[1] else "15 minutes", text)
    text = halves.sub(lambda match: f"{_numbers().get(match[1], match[1]) or 0}.5 ", text)
    text = spelled.sub(_as_digits, text)
    text = ordinals.sub(lambda match: f"{NTH}{_ordinals()[match[1]]}", text)
    return joined.sub(lambda match: f"{SOFT}1 " if match[1] in ("hari", "day") else "1 ", text)


def _half_hour(match: re.Match[str]) -> str:
    """The half of an hour is said before the hour in Indonesian, and after it in English."""
    said = match[1] or match[2]
    hour = int(_numbers().get(said, said)) - (match[1] is not None)
    return f"jam {hour}.30" if 0 <= hour <= 12 else match[0]


def _as_digits(match: re.Match[str]) -> str:
    """Words of one number or several; a lone `one` is one only before a unit."""
    numbers = " ".join(map(str, _added(re.split(r"[\s-]+(?:and\s+)?", match[2]))))
    if match[1] or match[3] is not None:
        return f"{match[1] or ''}{numbers}"
    return match[0] if numbers == "1" else f"{SOFT}{numbers}"


def _added(words: list[str]) -> list[int]:
    """`dua puluh lima` and `twenty five` are 25, `lima belas` is 15, and `tiga empat` are two numbers."""
    found: list[int] = []
    whole = open_ = 0
    for word in words:
        if size := _tens().get(word):
            whole, open_ = whole + (open_ or 1) * size, 0
        elif _numbers().get(word, 0) >= 100:
            whole, open_ = whole + open_ + _numbers()[word], 0
        elif word == table("units")["teens"]:
            open_ += 10
        elif open_ and not (open_ >= 20 and _numbers()[word] < 10):
            found.append(whole + open_)
            whole, open_ = 0, _numbers()[word]
        else:
            open_ += _numbers()[word]
    return [*found, whole + open_]


@cache
def _numbers() -> Mapping[str, int]:
    return {word: int(size) for size, words in table("units")["numbers"].items() for word in words.split()}


@cache
def _tens() -> Mapping[str, int]:
    return {word: int(size) for size, words in table("units")["tens"].items() for word in words.split()}


@cache
def _ordinals() -> Mapping[str, int]:
    return {word: int(size) for size, words in table("units")["ordinals"].items() for word in words.split()}


@cache
def _fractions() -> tuple[re.Pattern[str], Mapping[str, float]]:
    ways = table("units")["fractions"].items()
    shares = {way.strip(): float(share) for share, said in ways for way in said.split("|")}
    return re.compile(rf"\b({any_of(tuple(shares))})\b(?!-)"), shares


@cache
def _spelled() -> tuple[re.Pattern[str], ...]:
    words = any_of(tuple(_numbers()))
    unit = any_of((*(word for word in units() if word.isalpha() and len(word) > 1), *scales()))
    joined = re.compile(rf"\b(?:se|(?:a|an)\s+)(?=({unit})\b)(?!cond)")
    halves = re.compile(rf"\b(?:({words}|\d++)\s+(?:and a half|setengah)|setengah|half an?)\s+(?={unit}\b)")
    hour = rf"\b({words}|\d{{1,2}})(?![\w.])"
    half_hour = re.compile(rf"\b(?:(?:jam|pukul)\s+)?setengah\s+{hour}(?!\s*{unit}\b)|\bhalf past\s+{hour}")
    several = rf"{words}(?:[\s-]+(?:and\s+)?(?:{words}|{any_of((*_tens(), table('units')['teens']))})\b)*"
    measured = rf"(?:{RANGE}(?:{words}|\d+))?[\s-]+(?:{unit}|{_PART_OF_DAY})\b"
    spelled = re.compile(
        rf"\b(?<!\bno )((?:jam|pukul)\s+)?({several})\b(?!\s+of\s+(?:the|our|them|these)\b)(?=({measured})?)"
    )
    ordinals = re.compile(rf"(?<!\ba )(?<!\bper )\b({any_of(tuple(_ordinals()))})\b(?!-)")
    return joined, halves, half_hour, spelled, ordinals
