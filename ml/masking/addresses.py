"""Where a text has a postal address: the street and what follows it, in the Indonesian and the English form. The city
alone is no address, since what a delivery costs depends on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = r"[^\W\d_][\w'’.]*"
_NAME = r"(?-i:[A-Z])[\w'’.]*"
_NUMBER = r"(?:no(?:mor)?\.?\s*|#\s?)?\d{1,5}[a-z]?(?:[/-]\d{1,4}[a-z]?)*\b"
_RT = r"(?:rt|rw)\b[\s.:]*\d{1,3}(?:\s*/\s*(?:rw\b[\s.:]*)?\d{1,3})?"
_BLOCK = rf"(?:blok|kav(?:ling|eling)?|lt|lantai|unit|tower|gg|gang)\b\.?\s*[\w/-]{{1,8}}(?:\s+{_NUMBER})?"
_ESTATE = (
    rf"(?:perum(?:ahan)?|kompleks?|griya)\b\.?\s+"
    rf"(?:(?:{_WORD}\s+){{1,4}}?(?:{_BLOCK}|{_NUMBER})|{_NAME}(?:\s+{_NAME}){{0,3}}|{_WORD})"
)
_DISTRICT = (
    rf"(?:kel(?:urahan)?|kec(?:amatan)?|kab(?:upaten)?|desa|dusun|kp|kampung)\b\.?\s+{_WORD}(?:\s+{_NAME}){{0,2}}"
)
# What may follow a street: `RT 03/RW 05`, `Blok B2`, `Kel. Sukajadi`, and a city with its postcode.
_PART = rf"(?:{_RT}|{_BLOCK}|{_ESTATE}|{_DISTRICT}|{_NUMBER}|kode ?pos\b[\s.:]*\d{{5}})"
_FURTHER = rf"(?:[\s,;–-]+{_PART})*(?:[\s,]+{_WORD}(?:\s{_WORD})?[\s,]+\d{{5}}\b)?"
_STREET = (
    # With its number; or with a name in capitals; or, after the abbreviation, with one word.
    rf"(?:(?:jl|jln|jalan|gg|gang)\b\.?\s*(?:{_WORD}\s+){{0,4}}?{_WORD}\s*,?\s+(?:kav\.?\s*)?{_NUMBER}"
    rf"|(?:jl|jln|jalan)\b\.?\s*{_NAME}(?:\s+{_NAME}){{0,3}}|(?:jl|jln)\b\.?\s*{_WORD})"
)
_BLOCK_BY_ITSELF = r"blok\b\.?\s*[a-z]{1,2}\s?[\d/-]{1,6}"
_INDONESIAN = re.compile(rf"\b(?:{_STREET}|{_RT}|{_ESTATE}|{_BLOCK_BY_ITSELF}){_FURTHER}", re.IGNORECASE)
_ENGLISH = re.compile(
    r"\b\d{1,5}[A-Za-z]?,?\s+(?:[A-Z][\w'’.]*\s+){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Close)\b\.?"
    r"(?:,?\s+(?:Apt|Apartment|Unit|Suite|Flat|Floor)\b\.?\s*[\w-]{1,6})?"
    r"|\b\d{1,5}[a-z]?\s+(?!(?:days?|weeks?|hours?|months?|minutes?|km)\b)(?:[a-z'’]+\s+){1,2}"
    r"(?:street|avenue|road|boulevard)\b"
    r"|\b[Pp]\.?\s?[Oo]\.?\s+[Bb]ox\s+\d{1,6}"
)


def found_in(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each address; they do not overlap."""
    end = 0
    every = [match for pattern in (_INDONESIAN, _ENGLISH) for match in pattern.finditer(text)]
    for match in sorted(every, key=lambda each: (each.start(), -each.end())):
        if match.start() >= end:
            end = match.end()
            yield match.span()
