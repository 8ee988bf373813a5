"""Text as people type it: informal spelling, dropped letters, small talk, no capitals."""

from __future__ import annotations

import random
import re

from demo.dialogues import everyday_spelling, small_talk

_WORD = re.compile(r"\[\w+\]|[A-Za-z'’]+|\S|\s+")
_VOWELS = "aeiou"


def typed(text: str, language: str, haste: float, rng: random.Random, opening: bool = False) -> str:
    """A text as a customer types it. `haste` (0–1) is the distance from standard spelling. `[slots]` are not changed.
    `opening` marks a conversation's first message, which may have a greeting."""
    known = everyday_spelling(language)
    text = "".join(_word(word, known, haste, rng) for word in _WORD.findall(text))
    asks = opening or "?" in text
    if rng.random() < 0.35 and opening and not _greets(text, language):
        text = f"{rng.choice(small_talk(language)['greeting'])} {text}"
    if rng.random() < 0.3 and asks:
        text = f"{text} {rng.choice(small_talk(language)['closing'])}"
    return _finish(text, haste, rng)


def _greets(text: str, language: str) -> bool:
    greetings = {greeting.split()[0].strip(",") for greeting in small_talk(language)["greeting"]}
    return text.lower().split(" ")[0].strip(",!?") in greetings


def _word(word: str, known: dict[str, list[str]], haste: float, rng: random.Random) -> str:
    if not word.isalpha() and "'" not in word:
        return word
    ways = known.get(word.lower())
    if ways and rng.random() < 0.75 * haste:
        return rng.choice(ways)
    if len(word) >= 5 and rng.random() < 0.12 * haste:
        return _slip(word, rng)
    return word


def _slip(word: str, rng: random.Random) -> str:
    """A word with one typo: a vowel dropped, two letters swapped, one doubled or one lost."""
    place = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        vowels = [position for position, letter in enumerate(word) if position and letter in _VOWELS]
        place = rng.choice(vowels) if vowels else place
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1 :]


def _finish(text: str, haste: float, rng: random.Random) -> str:
    if rng.random() < haste:
        text = re.sub(
            r"(?<!\[)\b[A-Z]\w*", lambda match: match[0].lower() if not match[0].isupper() else match[0], text
        )
    if rng.random() < 0.5 * haste:
        text = text.rstrip(".,")
    if text.endswith("?") and rng.random() < 0.3 * haste:
        return text[:-1] if rng.random() < 0.6 else text + "?" * rng.randrange(1, 3)
    if rng.random() < 0.06 * haste and text[-1:].isalpha():
        return text + text[-1] * rng.randrange(1, 3)
    return text
