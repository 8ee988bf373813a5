"""Numbers, sums, times, dates and codes of a text in one spelling: `Rp185.000`, `185rb` and `185 ribu` are equal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import isclose, prod
from typing import Literal, NamedTuple

from ml.statements.lexicon import table
from ml.statements.numerals import NTH, PLAIN, RANGE, SOFT, any_of, as_digits, number, scales, units

Bound = Literal["upper", "lower"]

_LINK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![^\s@])[^\s@]++@[^\s@]+\.\w+"
    r"|(?<![\w-])[\w-]++\.(?:com|co|id|net|org|shop|store|me|ly|io)\b\S*"
)
_PHONE = re.compile(r"\+?\d[\d\s-]{7,}\d")
_BOUND_WORDS, _BOUND_REACH = 2, 80
_DIGIT = re.compile(r"\d")
_LONG = 1000
_LISTED = re.compile(r"\b(?:atau|or|and|dan)\b")
_BETWEEN = re.compile(r"\b(?:between|antara)\s+(?:jam |pukul )?$")
_NEARLY = 0.02

# A value's place in the list is written in digits of Unicode's area for private use, which texts lose first.
MARK = "[\ue000-\ue009]+"
_MARKS = {ord("0") + digit: 0xE000 + digit for digit in range(10)}
_PLACES = {mark: digit for digit, mark in _MARKS.items()}
_PRIVATE = re.compile("[\ue000-\uf8ff]")


class Value(NamedTuple):
    """`amounts`: the possible readings (`jam 3` is 3 or 15 o'clock), hours of the day, hours of duration, grams and so
    on by `kind`. `bound`: whether it is said to be a limit. `ends`: the range that it is an end of. `is_soft`: implied
    by a word such as `sehari`, which may mean no number. `written`: the number before its unit."""

    kind: str
    amounts: frozenset[float | str]
    bound: Bound | None = None
    ends: tuple[float, float] | None = None
    is_soft: bool = False
    written: float | None = None

    def equals(self, other: Value) -> bool:
        """A sum may lack its currency, and `lantai dua` is the second floor."""
        kinds = {self.kind, other.kind}
        if len(kinds) > 1 and kinds not in ({"money", "number"}, {"ordinal", "number"}):
            return False
        # Twelve months are nearly a year of 365 days.
        tolerance = _NEARLY if self.kind == "duration" and max(self.sizes, default=0) > _LONG else 1e-6
        return bool(self.amounts & other.amounts) or any(
            isclose(one, another, rel_tol=tolerance) for one in self.sizes for another in other.sizes
        )

    @property
    def sizes(self) -> list[float]:
        """The readings that are numbers."""
        return [amount for amount in self.amounts if not isinstance(amount, str)]


class Masked(NamedTuple):
    """`text` has a mark of its own where a value stood."""

    text: str
    values: list[Value]

    def at(self, mark: str) -> Value:
        """The value that a mark of `text` stands for."""
        return self.values[int(mark.translate(_PLACES))]

    def among(self, part: str) -> list[Value]:
        """The values in a part of `text`, in its order."""
        return [self.at(mark) for mark in re.findall(MARK, part)]


def is_mark(token: str) -> bool:
    return bool(_PRIVATE.match(token))


def extract(text: str) -> Masked:
    """The values of a text in lower case with its phrases rewritten."""
    values: list[Value] = []
    text = as_digits(_PRIVATE.sub(" ", text))
    # Without a digit there are only links.
    for pattern, read in _readers() if _DIGIT.search(text) else _readers()[:1]:

        def replace(match: re.Match[str], read: Callable[[re.Match[str]], list[Value]] = read) -> str:
            found = [_bounded(value, match) for value in read(match)]
            values.extend(found)
            marks = range(len(values) - len(found), len(values))
            return f" {' '.join(str(place).translate(_MARKS) for place in marks)} " if found else match[0]

        text = pattern.sub(replace, text)
    return Masked(text.translate({ord(SOFT): None, ord(NTH): None}), values)


def _bounded(value: Value, match: re.Match[str]) -> Value:
    before = re.findall(r"[^\W\d]+", match.string[max(0, match.start() - _BOUND_REACH) : match.start()])[-_BOUND_WORDS:]
    after = re.match(r"\s*(above|below)\b", match.string[match.end() :])
    for word in ([after[1]] if after else []) + before[::-1]:
        if bound := _bounds().get(word):
            return value._replace(bound=bound)
    return value


@cache
def _bounds() -> Mapping[str, Bound]:
    return {word: bound for bound, words in table("units")["bounds"].items() for word in words.split()}


@cache
def _readers() -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Value]]]]:
    """In the order in which they are tried: what is read first is not read again."""
    unit, scale = any_of(tuple(units())), any_of(tuple(scales()))
    months = any_of(tuple(_months()))
    n = f"({PLAIN})"
    sum_ = rf"{n}(?:\s*({scale})\b)?"
    hour, minutes = r"(\d{1,2})(?:[.:](\d\d))?", r"(\d{1,2})[.:](\d\d)()"
    # Without `malam`: three of them may be nights.
    part = r"pagi|siang|sore|petang|am|pm|a\.m\.?|p\.m\.?|in the (?:morning|afternoon|evening)|at night"
    clock = rf"{hour}(?:\s*({part}|malam|o'clock))?(?:\s*(?:wib|wita|wit)\b)?"
    to = rf"{RANGE}(?:jam|pukul)?\s*"
    return [
        (_LINK, lambda match: [Value("link", frozenset({match[0].rstrip('.,;:!?)”"/')}))]),
        (re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({months})\b"), lambda m: [_date(m[1], m[2])]),
        (re.compile(rf"\b({months})\s+(\d{{1,2}})(?!\d)(?:st|nd|rd|th)?"), lambda m: [_date(m[2], m[1])]),
        (re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b"), lambda m: [_on(int(m[1]), int(m[2]))]),
        (re.compile(rf"(?:rp\.?|idr)\s*{sum_}(?:{RANGE}(?:rp\.?|idr)?\s*{sum_}(?!\s*{unit}(?!\w)))?"), _money),
        (re.compile(rf"{n}(?:\s*({scale}))?{RANGE}{n}\s*({scale})\b(?:\s*rupiah)?"), _money),
        (re.compile(rf"{n}(?:\s*({scale})\b(?:\s*rupiah)?|\s*rupiah)"), _money),
        (re.compile(rf"(?<!\d)({PLAIN}(?:\s*[x×]\s*{PLAIN})+)\s*({unit})\b"), _times_each_other),
        (re.compile(rf"\b(?:jam|pukul|pkl)\s*{clock}(?:{to}{clock})?(?!\w)"), _times),
        (re.compile(rf"\bat\s*{clock}(?:{to}{clock})?(?!\w|\s*{unit}(?!\w)|{RANGE}\d)"), _times),
        (re.compile(rf"\b{clock}{to}{hour}\s*({part}|malam)(?!\w)"), _times),
        (re.compile(rf"\b{minutes}{RANGE}{minutes}(?![\d%])"), _times),
        (re.compile(rf"\b{hour}\s*({part}|o'clock)(?!\w)"), _times),
        (re.compile(r"\b(\d{1,2}):(\d\d)()(?!\d)"), _times),
        (re.compile(rf"(?<![$\d.,])\b([01]?\d|2[0-4])\.([0-5][05])()(?![\d.,]*\d|\s*{unit}(?!\w))"), _times),
        (re.compile(rf"({SOFT}?)({PLAIN})(?:\s*({unit}))?{RANGE}({PLAIN})[\s-]*({unit})(?![\w])"), _range),
        (re.compile(rf"({SOFT}?)({PLAIN})[\s-]*({unit})(?![\w])"), _single),
        (_PHONE, lambda match: [Value("phone", frozenset({_subscriber(match[0])}))]),
        (re.compile(rf"(?<![\w{SOFT}{NTH}-])(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z\d]+(?:-[a-z\d]+)*\b"),
         lambda match: [Value("code", frozenset({match[0]}))]),
        (re.compile(rf"\b{n}{RANGE}{n}\b"), lambda m: _ends(m, "number", number(m[1]), number(m[2]))),
        (re.compile(rf"{NTH}{n}"), lambda m: [Value("ordinal", frozenset({number(m[1])}), is_soft=True)]),
        (re.compile(rf"({SOFT}?)\b{n}"), lambda m: [Value("number", frozenset({number(m[2])}), is_soft=bool(m[1]))]),
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


def _ends(match: re.Match[str], kind: str, low: float, high: float, *written: float) -> list[Value]:
    """Two values; `3 or 6 months` is no range."""
    is_list = _LISTED.search(match[0]) and not _BETWEEN.search(match.string[: match.start()])
    around = None if is_list else (low, high)
    ends = [Value(kind, frozenset({each}), ends=around) for each in (low, high)]
    return [end._replace(written=each) for end, each in zip(ends, written, strict=True)] if written else ends


def _money(match: re.Match[str]) -> list[Value]:
    low, low_scale, high, high_scale = (*match.groups(""), "", "")[:4]
    if not high:
        return [Value("money", frozenset({number(low) * scales().get(low_scale or "", 1)}))]
    last = number(high) * scales().get(high_scale or "", 1)
    first = number(low) * scales().get(low_scale or high_scale or "", 1)
    return _ends(match, "money", first, last)


def _times_each_other(match: re.Match[str]) -> list[Value]:
    """Sides of a thing (`80 x 30 cm`), or packs of an amount (`2 x 250 gram`)."""
    kind, size = units()[match[2]]
    numbers = [number(each) for each in re.findall(PLAIN, match[1])]
    if kind == "length":
        return [Value(kind, frozenset({each * size}), written=each) for each in numbers]
    return [Value(kind, frozenset({prod(numbers) * size}))]


def _range(match: re.Match[str]) -> list[Value]:
    kind, size = units()[match[5]]
    own = units().get(match[3] or "", (kind, size))[1]
    low, high = number(match[2]), number(match[4])
    return _ends(match, kind, low * own, high * size, low, high)


def _single(match: re.Match[str]) -> list[Value]:
    kind, size = units()[match[3]]
    written = number(match[2])
    return [Value(kind, frozenset({written * size}), is_soft=bool(match[1]), written=written)]


def _times(match: re.Match[str]) -> list[Value]:
    groups = match.groups()
    hours = [int(hour) for hour in groups[0::3] if hour]
    if max(hours) > 24 or int(groups[1] or 0) > 59:
        return []
    first_part, last_part = groups[2], groups[5] if len(groups) > 3 else None
    times = [_time(groups[0], groups[1], first_part)]
    if len(groups) > 3 and groups[3]:
        times.append(_time(groups[3], groups[4], last_part))
    return times


def _time(hour: str, minute: str | None, part: str | None) -> Value:
    hours, past = int(hour), int(minute or 0) / 60
    part = (part or "").replace(".", "").split(" ")[-1]
    if (
        part in ("pm", "sore", "petang", "afternoon", "evening", "night")
        or (part == "siang" and hours < 10)
        or (part == "malam" and hours > 5)
    ):
        hours = hours % 12 + 12 if not (part == "malam" and hours == 12) else 24
    elif part in ("am", "morning"):
        hours %= 12
    sure = part not in ("", "o'clock") or hours > 12 or hour.startswith("0") or hours == 0
    readings = {hours % 24} if sure else {hours % 24, (hours + 12) % 24}
    return Value("time", frozenset(float(each) + past for each in readings))
