"""Numbers, sums, times, dates and codes of a text in one spelling: `Rp185.000`, `185rb` and `185 ribu` are equal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal, NamedTuple

from bot.grounding.lexicon import table

Bound = Literal["upper", "lower"]

_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|co|id|net|org|shop|store|me|ly|io)\b\S*")
_PHONE = re.compile(r"\+?\d[\d\s-]{7,}\d")
_PLAIN = r"\d+(?:[.,]\d+)*"
_RANGE = r"\s*(?:-|–|—|s/d|sd|sampai|hingga|to|until|till|atau|or|and|dan|/)\s*"
_BOUND_WORDS = 2
_MARK = 0xE000  # the first character of Unicode's area for private use


class Value(NamedTuple):
    """`amounts`: the possible readings (`jam 3` is 3 or 15 o'clock), hours of the day, hours of duration, grams and so
    on by `kind`. `bound`: whether it is said to be a limit. `ends`: the range that it is an end of. `is_soft`: implied
    by a word such as `sehari`, which may mean no number."""

    kind: str
    amounts: frozenset[float | str]
    bound: Bound | None = None
    ends: tuple[float, float] | None = None
    is_soft: bool = False

    def equals(self, other: Value) -> bool:
        """A sum may lack its currency."""
        if self.kind != other.kind and {self.kind, other.kind} != {"money", "number"}:
            return False
        return any(_same(one, another) for one in self.amounts for another in other.amounts)


def _same(one: float | str, another: float | str) -> bool:
    if isinstance(one, str) or isinstance(another, str):
        return one == another
    return abs(one - another) <= 0.02 * max(abs(one), abs(another)) if one > 1000 else one == another


class Masked(NamedTuple):
    """`text` has a character of its own where a value stood."""

    text: str
    values: list[Value]

    def at(self, character: str) -> Value | None:
        """The value that a character of `text` stands for."""
        place = ord(character) - _MARK
        return self.values[place] if 0 <= place < len(self.values) else None


def extract(text: str) -> Masked:
    """The values of a text in lower case with its phrases rewritten."""
    values: list[Value] = []
    text = _numbers_as_digits(text)
    for pattern, read in _readers():

        def replace(match: re.Match[str], read: Callable[[re.Match[str]], list[Value]] = read) -> str:
            found = [_bounded(value, match) for value in read(match)]
            values.extend(found)
            marks = range(len(values) - len(found), len(values))
            return f" {' '.join(chr(_MARK + place) for place in marks)} " if found else match[0]

        text = pattern.sub(replace, text)
    return Masked(text, values)


def _bounded(value: Value, match: re.Match[str]) -> Value:
    before = re.findall(r"[^\W\d]+", match.string[: match.start()])[-_BOUND_WORDS:]
    after = re.match(r"\s*(above|below)\b", match.string[match.end() :])
    for word in ([after[1]] if after else []) + before[::-1]:
        if bound := _bounds().get(word):
            return value._replace(bound=bound)
    return value


def number(text: str) -> float:
    """`1.500.000`, `185,000`, `0,3`."""
    parts = re.split(r"[.,]", text)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0":
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else float(text)


@cache
def _units() -> Mapping[str, tuple[str, float]]:
    return {
        word: (kind, float(size))
        for kind, sizes in table("units")["units"].items()
        for size, words in sizes.items()
        for word in words.split()
    }


@cache
def _scales() -> Mapping[str, float]:
    return {word: float(size) for size, words in table("units")["scales"].items() for word in words.split()}


@cache
def _bounds() -> Mapping[str, Bound]:
    return {word: bound for bound, words in table("units")["bounds"].items() for word in words.split()}


@cache
def _any(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@cache
def _spelled() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _any(tuple(table("units")["numbers"]))
    units = _any((*(word for word in _units() if word.isalpha() and len(word) > 1), *_scales()))
    written = re.compile(rf"\b({words})(?=(?:{_RANGE}(?:{words}|\d+))?[\s-]+{units}\b)")
    joined = re.compile(rf"\b(?:se|(?:a|an)\s+)(?=({units})\b)(?!cond)")
    return written, joined


def _numbers_as_digits(text: str) -> str:
    written, joined = _spelled()
    numbers = table("units")["numbers"]
    # Twice, since the first number of a range is seen to be one only before digits.
    for _ in range(2):
        text = written.sub(lambda match: str(numbers[match[1]]), text)
    return joined.sub(lambda match: "~1 " if match[1] in ("hari", "day") else "1 ", text)


@cache
def _readers() -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Value]]]]:
    """In the order in which they are tried: what is read first is not read again."""
    unit, scale = _any(tuple(_units())), _any(tuple(_scales()))
    months = _any(tuple(_months()))
    n = f"({_PLAIN})"
    part = r"(?:\s*(pagi|siang|sore|petang|malam|am|pm|a\.m\.?|p\.m\.?|o'clock))?(?:\s*(?:wib|wita|wit)\b)?"
    clock = rf"(\d{{1,2}})(?:[.:](\d\d))?{part}"
    said = r"(?:\b(?:jam|pukul|pkl|at)\s*)"
    return [
        (_LINK, lambda match: [Value("link", frozenset({match[0].rstrip('.,;:!?)”"/')}))]),
        (re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({months})\b"), lambda m: [_date(m[1], m[2])]),
        (re.compile(rf"\b({months})\s+(\d{{1,2}})(?!\d)(?:st|nd|rd|th)?"), lambda m: [_date(m[2], m[1])]),
        (re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b"), lambda m: [_on(int(m[1]), int(m[2]))]),
        (re.compile(rf"(?:rp\.?|idr)\s*{n}(?:\s*({scale})\b)?(?:{_RANGE}(?:rp\.?|idr)?\s*{n}(?:\s*({scale})\b)?)?"),
         _money),
        (re.compile(rf"{n}(?:\s*({scale}))?{_RANGE}{n}\s*({scale})\b(?:\s*rupiah)?"), _money),
        (re.compile(rf"{n}\s*({scale})\b(?:\s*rupiah)?"), _money),
        (re.compile(rf"{n}()\s*rupiah"), _money),
        (re.compile(rf"(\d+)\s*x\s*{n}\s*({unit})\b"), _product),
        (re.compile(rf"{said}{clock}(?:{_RANGE}(?:jam|pukul)?\s*{clock})?(?![\w])"), _times),
        (re.compile(rf"\b(\d{{1,2}})(?:[.:](\d\d))?{part}{_RANGE}(?:jam|pukul)?\s*(\d{{1,2}})(?:[.:](\d\d))?"
                    r"\s*(pagi|siang|sore|petang|malam|am|pm|a\.m\.?|p\.m\.?)(?!\w)"), _times),
        (re.compile(r"\b(\d{1,2})[.:](\d\d)()" + _RANGE + r"(\d{1,2})[.:](\d\d)()(?![\d%])"), _times),
        (re.compile(r"\b(\d{1,2})(?:[.:](\d\d))?\s*(pagi|siang|sore|petang|am|pm|a\.m\.?|p\.m\.?|o'clock)(?!\w)"),
         _times),
        (re.compile(r"\b(\d{1,2}):(\d\d)()(?!\d)"), _times),
        (re.compile(rf"(?<![$\d.,])\b([01]?\d|2[0-4])\.([0-5][05])()(?![\d.,]*\d|\s*{unit}(?!\w))"), _times),
        (re.compile(rf"(~?)({_PLAIN})(?:\s*({unit}))?{_RANGE}({_PLAIN})[\s-]*({unit})(?![\w])"), _range),
        (re.compile(rf"(~?)({_PLAIN})[\s-]*({unit})(?![\w])"), _single),
        (_PHONE, lambda match: [Value("phone", frozenset({_subscriber(match[0])}))]),
        (re.compile(r"\b(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z\d]+(?:-[a-z\d]+)*\b"),
         lambda match: [Value("code", frozenset({match[0]}))]),
        (re.compile(rf"\b{n}{_RANGE}{n}\b"), lambda m: _ends("number", number(m[1]), number(m[2]))),
        (re.compile(rf"\b{n}"), lambda m: [Value("number", frozenset({number(m[1])}))]),
    ]  # fmt: skip


@cache
def _months() -> Mapping[str, int]:
    return {word: place for place, words in table("units")["months"].items() for word in words.split()}


def _subscriber(written: str) -> str:
    """A telephone or account number without separators, country code and leading zero."""
    return re.sub(r"\D", "", written).removeprefix("62").lstrip("0")


def _date(day: str, month: str) -> Value:
    return _on(int(day), _months()[month])


def _on(day: int, month: int) -> Value:
    return Value("date", frozenset({float(month * 100 + day)}))


def _ends(kind: str, low: float, high: float) -> list[Value]:
    return [Value(kind, frozenset({each}), ends=(low, high)) for each in (low, high)]


def _money(match: re.Match[str]) -> list[Value]:
    low, low_scale, high, high_scale = (*match.groups(""), "", "")[:4]
    scales = _scales()
    if not high:
        return [Value("money", frozenset({number(low) * scales.get(low_scale or "", 1)}))]
    last = number(high) * scales.get(high_scale or "", 1)
    first = number(low) * scales.get(low_scale or high_scale or "", 1)
    return _ends("money", first, last)


def _product(match: re.Match[str]) -> list[Value]:
    kind, size = _units()[match[3]]
    return [Value(kind, frozenset({int(match[1]) * number(match[2]) * size}))]


def _range(match: re.Match[str]) -> list[Value]:
    kind, size = _units()[match[5]]
    own = _units().get(match[3] or "", (kind, size))[1]
    return _ends(kind, number(match[2]) * own, number(match[4]) * size)


def _single(match: re.Match[str]) -> list[Value]:
    kind, size = _units()[match[3]]
    return [Value(kind, frozenset({number(match[2]) * size}), is_soft=bool(match[1]))]


def _times(match: re.Match[str]) -> list[Value]:
    groups = match.groups()
    if int(groups[0]) > 24 or int(groups[1] or 0) > 59:
        return []
    first_part, last_part = groups[2], groups[5] if len(groups) > 3 else None
    times = [_time(groups[0], groups[1], first_part)]
    if len(groups) > 3 and groups[3]:
        times.append(_time(groups[3], groups[4], last_part))
    return times


def _time(hour: str, minute: str | None, part: str | None) -> Value:
    hours, past = int(hour), int(minute or 0) / 60
    part = (part or "").replace(".", "")
    if part in ("pm", "sore", "petang") or (part == "siang" and hours < 10) or (part == "malam" and hours > 5):
        hours = hours % 12 + 12 if not (part == "malam" and hours == 12) else 24
    elif part == "am":
        hours %= 12
    sure = part not in ("", "o'clock") or hours > 12 or hour.startswith("0") or hours == 0
    readings = {hours % 24} if sure else {hours % 24, (hours + 12) % 24}
    return Value("time", frozenset(float(each) + past for each in readings))


def plain_numbers(text: str) -> set[float]:
    """The numbers of a text as they are written."""
    return {number(each) for each in re.findall(_PLAIN, text)}
