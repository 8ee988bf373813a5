"""The bilingual tables beside this file, and words without their affixes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

_Entry = TypeVar("_Entry")

_FOLDER = Path(__file__).parent
_MOST_WORDS = 10_000
_WORD = re.compile(r"[^\W\d_]+")
_NOT_YET = re.compile(r"\b(?:has|have|had|was|were)(?:n't|nt| not)\s+(?:yet\s+)?been\s+")
_COUNT = re.compile(r"(?:\d|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|puluh|belas)\s*$")
_COUNTED_DAYS = re.compile(r"hari (?:sebelum|berikut|selanjut)")
_FREE_OF = re.compile(
    r"\b(?!(?:hands|toll|duty|tax|interest|worry|hassle)-)([a-z]+)-free\b"
    r"|\b(?:free (?:of|from)|bebas(?: dari)?) (?!charge|ongk|biaya|bunga|pilih|memilih|pulsa)(?=[a-z]{4})([a-z]+)"
)
_UNDONE = re.compile(r"\bun(\w{3,}ed)\b")
_MIN_STEM = 3
_LOANED = [
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"(.)\1", r"\1"), ("ph", "f"), ("x", "ks"), ("qu", "kw"), ("ch", "k"), ("th", "t"), ("c(?=[eiy])", "s"),
        ("c", "k"), ("y", "i"), ("[ts]ion$", "si"), ("iti$|itas$", "it"), ("ive?$", "if"), ("v", "f"), ("kk", "k"),
        (r"(?<=\w{3})[aeio]$", ""),
    )
]  # fmt: skip
_ID_PREFIXES = (
    ("memper", ""), ("diper", ""), ("meny", "s"), ("meng", "k"), ("meng", ""), ("mem", "p"), ("mem", ""), ("men", "t"),
    ("men", ""), ("me", ""), ("peny", "s"), ("peng", "k"), ("peng", ""), ("pem", "p"), ("pem", ""), ("pen", "t"),
    ("pen", ""), ("ber", ""), ("ter", ""), ("di", ""), ("pe", ""), ("ke", ""),
)  # fmt: skip
_ID_SUFFIXES = ("kannya", "annya", "inya", "nya", "kan", "lah", "kah", "pun", "an", "ku", "mu", "i", "")
_EN_SUFFIXES = ("ingly", "edly", "ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "")


@cache
def table(name: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return content


@cache
def listed(name: str) -> frozenset[str]:
    """A plain list of words of lexicon.yml."""
    return frozenset(table("lexicon")[name].split())


@cache
def _members(name: str) -> Mapping[str, tuple[str, str]]:
    """Word -> (group, member) of opposites.yml or kinds.yml."""
    groups = table(name).items()
    return {
        word: (group, member)
        for group, members in groups
        for member, words in members.items()
        for word in (member, *words.split())
    }


@cache
def _flat(file: str, name: str | None = None) -> Mapping[str, str]:
    """Word -> concept."""
    content = table(file)[name] if name else table(file)
    return {word: concept for concept, words in content.items() for word in words.split()}


@cache
def _glossary() -> Mapping[str, str]:
    return {**_flat("things"), **_flat("everyday"), **_flat("glossary")}


@cache
def _concepts() -> frozenset[str]:
    return frozenset(_glossary().values())


@lru_cache(_MOST_WORDS)
def side(word: str) -> tuple[str, str] | None:
    """(pair, side) of a word with an opposite."""
    return _first(word, _members("opposites"))


@lru_cache(_MOST_WORDS)
def kind(word: str) -> tuple[str, str] | None:
    """(kind, member) of a payment method, courier, colour or the like."""
    return _first(word, _members("kinds"))


@lru_cache(_MOST_WORDS)
def place(word: str) -> str | None:
    return _flat("places", "names").get(word)


@lru_cache(_MOST_WORDS)
def promise(word: str) -> str | None:
    known = _flat("lexicon", "promises")
    return next((known[part] for part in (word.removesuffix("nya"), *word.split("-")) if part in known), None)


@lru_cache(_MOST_WORDS)
def containing(name: str) -> frozenset[str]:
    """The places that a place lies in."""
    direct = {outer for outer, inner in table("places")["within"].items() if name in inner.split()}
    return frozenset(direct).union(*(containing(outer) for outer in direct))


@lru_cache(_MOST_WORDS)
def concept(word: str) -> str:
    """What a word is compared by: its concept, else its stem."""
    if found := _first(word, _glossary()):
        return found
    stem = min(_stems(word), key=len)
    return stem if stem in _concepts() else _loaned(stem)


def _loaned(stem: str) -> str:
    """One spelling of a word that both languages have: `progressive` and `progresif`, `kamera` and `camera`."""
    for pattern, spelling in _LOANED:
        stem = pattern.sub(spelling, stem)
    return stem


@lru_cache(_MOST_WORDS)
def is_known(word: str) -> bool:
    """Whether any table has the word, or has it in a name of two."""
    tables = (side, kind, place, promise)
    plain = frozenset().union(
        *map(listed, ("empty", "politeness", "replies", "limits", "negations", "abbreviations", "demonyms"))
    )
    return (
        word in plain
        or word in _parts()
        or with_phrases(word) != word
        or _first(word, _glossary()) is not None
        or any(find(word) for find in tables)
    )


def _first(word: str, mapping: Mapping[str, _Entry]) -> _Entry | None:
    return next((mapping[form] for form in (word, *_stems(word)) if form in mapping), None)


@lru_cache(_MOST_WORDS)
def _stems(word: str) -> tuple[str, ...]:
    """Shorter forms, likeliest first."""
    return tuple(dict.fromkeys((*_english(word), *_indonesian(word), word)))


def _english(word: str) -> Iterator[str]:
    for suffix in _EN_SUFFIXES:
        stem = word.removesuffix(suffix) if suffix else word
        if (suffix and stem == word) or len(stem) < _MIN_STEM:
            continue
        yield stem + "y" if suffix in ("ies", "ied") else stem
        return


def _indonesian(word: str) -> Iterator[str]:
    root = word.split("-")[0]
    for suffix in _ID_SUFFIXES:
        short = root.removesuffix(suffix) if suffix else root
        if (suffix and short == root) or len(short) < _MIN_STEM + 1:
            continue
        yield short
        for prefix, instead in _ID_PREFIXES:
            if short.startswith(prefix) and len(short) - len(prefix) >= _MIN_STEM:
                yield instead + short[len(prefix) :]


@cache
def _phrases() -> tuple[re.Pattern[str], Mapping[str, str]]:
    written = {word.replace("_", " "): word for word in _joined()} | {
        way.strip(): canonical for canonical, ways in table("lexicon")["phrases"].items() for way in ways.split("|")
    }
    longest_first = sorted(written, key=len, reverse=True)
    ways = "|".join(re.escape(way).replace(r"\ ", r"\s+") for way in longest_first)
    return re.compile(rf"(?<![\w-])({ways})(?:nya)?(?![\w-])"), written


@cache
def _parts() -> frozenset[str]:
    return frozenset(part for word in _joined() for part in word.split("_"))


def _joined() -> Iterator[str]:
    """The words of the tables that stand for two, such as `jawa_barat`."""
    for groups in (_members("opposites"), _members("kinds"), _flat("lexicon", "promises"), _glossary(),
                   _flat("places", "names"), table("units")["days"]):  # fmt: skip
        yield from (word for word in groups if "_" in word)


def with_phrases(text: str) -> str:
    """Lower-case text with everyday spelling and the phrases of lexicon.yml rewritten."""
    pattern, written = _phrases()
    spelled = _flat("lexicon", "spelled")
    text = _FREE_OF.sub(lambda match: f"without {match[1] or match[2]}", text)
    paying, payers = _paying()
    text = paying.sub(lambda match: payers[match[match.lastindex or 0]], text)
    text = _UNDONE.sub(_undone, _NOT_YET.sub("not been ", text))
    text = _WORD.sub(lambda match: spelled.get(match[0], match[0]), text)
    text = pattern.sub(lambda match: _canonical(match, written), text)
    return text.replace("not been ", "belum ")


@cache
def _paying() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """`ditanggung penyewa`, `kami yang tanggung`, `borne by the renter`, `at the guest's expense`."""
    payers = _flat("lexicon", "payers")
    who = f"({'|'.join(payers)})"
    ways = (
        rf"(?:ditanggung|dibayar) (?:oleh )?(?:pihak )?{who}",
        rf"(?:tanggungan|beban) {who}",
        rf"{who} (?:yang )?(?:sudah |akan )?(?:tanggung|menanggung)",
        rf"(?:borne|covered|paid)(?: for)? by (?:the )?{who}",
        rf"at (?:the )?{who}(?:'s)?(?: own)? (?:expense|cost)",
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?![\w-])"), payers


def _canonical(match: re.Match[str], written: Mapping[str, str]) -> str:
    """But `3 hari sebelumnya` is no day before."""
    is_counted = _COUNTED_DAYS.match(match[1]) and _COUNT.search(match.string[: match.start()])
    return match[0] if is_counted else written[" ".join(match[1].split())]


def _undone(match: re.Match[str]) -> str:
    """`unassembled` is not yet assembled; a few such words have a meaning of their own."""
    is_undoing = match[1] in listed("reversible")
    has_meaning = is_undoing or side(match[0]) or promise(match[0]) or not _first(match[1], _glossary())
    return match[0] if has_meaning else f"belum {match[1]}"


@lru_cache(_MOST_WORDS)
def is_calendar(word: str) -> bool:
    """Whether a word names a day or month."""
    units = table("units")
    return any(word in names.split() for part in ("weekdays", "months") for names in units[part].values())
