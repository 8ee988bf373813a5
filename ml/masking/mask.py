"""Placeholders for personal data, so that a language model never sees it: [NAME_1] for a name, [ORDER_2] for an order.

`hide` finds personal data in what people write. What a shop publishes is not masked, except for values that are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal, get_args

from ml.masking import addresses, figures
from warehouse.identity import normalise_phone

Kind = Literal["NAME", "PHONE", "EMAIL", "ADDRESS", "CARD", "ORDER", "PARCEL", "NUMBER"]

_KINDS = "|".join(get_args(Kind))
_PLACEHOLDER = re.compile(rf"\[(?:{_KINDS})_\d+\]")
_LIKE_ONE = re.compile(rf"\[?\b({_KINDS})_(\d+)\b\]?", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PART = r"(?:[^\W\d_]\.|[^\W\d_][\w'’-]*)"
# What comes before somebody's name: "atas nama Siti Aminah", "my name is Siti".
_NAME = re.compile(
    r"(?:\batas nama|\ba[./]\s?n\b\.?|\ban\.|(?<=[\d\]] )an"
    r"|\bnama(?:nya|ku)?(?: saya| aku| penerima| lengkap| pemesan| rekening)?(?: adalah)?|\bpenerima(?:nya)?"
    r"|\b(?:my|the|her|his|full) name(?: is|'s)?|\bname is|\bin the name of|\bunder the name of)"
    rf"\s*[:=]?\s+(?P<name>{_PART}(?: {_PART}){{0,3}})",
    re.IGNORECASE,
)
# Who introduces themselves: "saya Ratna dari Bandung". Any word may follow these, so what comes after it matters too.
_INTRODUCED = re.compile(
    r"\b(?:[Ss]aya|[Aa]ku|I am|I['’]m)\s+(?P<name>[A-Z][a-z'’]+(?: [A-Z][a-z'’]+){0,3})"
    r"(?=\s*(?:[,.\n]|$)|\s+(?:dari|from|of|here)\b)"
)
_LEAST_OF_NAME = 3  # letters of a part of a name that is masked by itself


class UnknownPlaceholder(ValueError):
    """A text has a placeholder that stands for nothing, or one that was changed."""


class Mask:
    """The placeholders of one exchange. The same value always has the same one. `region`: that of phone numbers without
    a country; `name`: the customer's; `known`: words that are no names, such as those of products; `common`: words of
    both languages, at which a name ends."""

    def __init__(
        self, region: str, name: str | None = None, known: Iterable[str] = (), common: Iterable[str] = ()
    ) -> None:
        self._region = region
        self._known = frozenset(known)
        self._common = frozenset(common)
        self._values: dict[str, str] = {}
        self._by_value: dict[str, str] = {}
        self._written: set[str] = set()
        self._counts: Counter[Kind] = Counter()
        if name and (whole := normal(name).strip()):
            self.add("NAME", whole)

    def add(self, kind: Kind, value: str) -> str:
        """The placeholder of a value. The parts of a name are known from then on, too."""
        key = self._key(value)
        if key not in self._by_value:
            self._counts[kind] += 1
            self._by_value[key] = f"[{kind}_{self._counts[kind]}]"
            self._values[self._by_value[key]] = value
        self._written.add(value)
        if kind == "NAME" and len(parts := value.split()) > 1:
            for part in self._parts_of(parts):
                self.add("NAME", part)
        return self._by_value[key]

    def hide(self, text: str) -> str:
        """What somebody wrote, without their personal data."""
        text = _LIKE_ONE.sub(r"\1 \2", normal(text))
        text = self.hide_known(text)
        text = _EMAIL.sub(lambda found: self.add("EMAIL", found[0]), text)
        text = self._replaced("CARD", text, figures.cards)
        text = self._replaced("PHONE", text, lambda each: figures.phones(each, self._region))
        text = self._replaced("ADDRESS", text, addresses.found_in)
        text = self._replaced("ORDER", text, figures.order_numbers)
        text = self._replaced("NUMBER", text, figures.others)
        # A name may stand before what tells that it is one.
        return self.hide_known(self._replaced("NAME", text, self._names))

    def hide_all(self, texts: Iterable[str]) -> list[str]:
        """The texts of a conversation. Twice, since a later one may tell what is a name in an earlier one."""
        once = [self.hide(text) for text in texts]
        return [self.hide_known(text) for text in once]

    def hide_known(self, text: str) -> str:
        """A text with placeholders for the values that are known so far."""
        if not self._written:
            return text
        longest_first = sorted(self._written, key=len, reverse=True)
        every = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
        parts = re.split(f"({_PLACEHOLDER.pattern})", text)
        return "".join(
            part if place % 2 else every.sub(lambda found: self._by_value.get(self._key(found[0]), found[0]), part)
            for place, part in enumerate(parts)
        )

    def knows(self, placeholder: str) -> bool:
        return placeholder in self._values

    def restore(self, text: str) -> str:
        """A text with the values in place of their placeholders. Raises UnknownPlaceholder."""
        try:
            restored = _PLACEHOLDER.sub(lambda found: self._values[found[0]], text)
        except KeyError as error:
            raise UnknownPlaceholder(str(error)) from None
        if _LIKE_ONE.search(_PLACEHOLDER.sub("", text)):
            raise UnknownPlaceholder
        return restored

    def _replaced(self, kind: Kind, text: str, find: Callable[[str], Iterable[tuple[int, int]]]) -> str:
        """The text with what `find` finds, as (start, end), replaced. Placeholders in it stay."""
        parts, done = [], 0
        for start, end in sorted(find(text), key=lambda span: (span[0], -span[1])):
            if start >= done and not _PLACEHOLDER.search(text[start:end]):
                parts += [text[done:start], self.add(kind, text[start:end])]
                done = end
        return "".join([*parts, text[done:]])

    def _names(self, text: str) -> list[tuple[int, int]]:
        found = []
        cues = [(cue, self._common) for cue in _NAME.finditer(text)]
        cues += [(cue, self._common | self._known) for cue in _INTRODUCED.finditer(text)]
        for cue, no_names in cues:
            named: list[str] = []
            for word in cue["name"].split(" "):
                if word.strip(".,").casefold() in no_names:
                    break
                named.append(word)
            if named:
                found.append((cue.start("name"), cue.start("name") + len(" ".join(named))))
        return found

    def _parts_of(self, parts: Iterable[str]) -> list[str]:
        """The parts of a name that would be recognised by themselves."""
        common = self._common | self._known
        return [part for part in parts if len(part) >= _LEAST_OF_NAME and part.casefold() not in common]

    def _key(self, value: str) -> str:
        """What is the same in all ways to write a value."""
        if phone := normalise_phone(value, self._region):
            return phone
        return "".join(character for character in value.casefold() if character.isalnum()) or value


def normal(text: str) -> str:
    """Full-width digits and the like as usual ones, and without invisible characters, which could split a number."""
    shown = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", shown)
