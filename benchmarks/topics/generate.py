"""Generates messages of a made-up shop from hidden topics: uneven sizes, both languages, everyday spelling, typing
mistakes, and noise that no two customers write alike."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

SHOPS = ("coffee", "household")
"""Made-up shops with 25 hidden topics each. Settings are chosen on the first; the second is held out."""

NOISE = "noise"

_FOLDER = Path(__file__).parent

_SPELLINGS = {
    "tidak": ["ga", "gak", "nggak", "tdk"],
    "sudah": ["udah", "sdh"],
    "belum": ["blm"],
    "bisa": ["bs"],
    "saya": ["sy", "aku"],
    "yang": ["yg"],
    "berapa": ["brp"],
    "kapan": ["kpn"],
    "please": ["pls", "plz"],
    "you": ["u"],
}
_SLOT = re.compile(r"<(\w+)>")


class Message(NamedTuple):
    """`topic`: the hidden one, or NOISE."""

    text: str
    language: str
    topic: str


def generate(shop: str, count: int, seed: int, noise: float = 0.15) -> list[Message]:
    """`count` messages of a shop in random order, 60 % in Indonesian; the largest topic is about four times the
    smallest."""
    draw = random.Random(seed)
    content = yaml.safe_load((_FOLDER / f"{shop}.yml").read_text(encoding="utf-8"))
    names = sorted(content["topics"])
    draw.shuffle(names)
    weights = [1 / (rank + 2) ** 0.6 for rank in range(len(names))]
    found = []
    for number in range(count):
        language = "id" if draw.random() < 0.6 else "en"
        topic = NOISE if number < count * noise else draw.choices(names, weights)[0]
        found.append(Message(_text(topic, language, content, draw), language, topic))
    draw.shuffle(found)
    return found


def _text(topic: str, language: str, content: dict[str, Any], draw: random.Random) -> str:
    patterns = content["noise"] if topic == NOISE else content["topics"][topic]
    body = _SLOT.sub(lambda slot: draw.choice(content["slots"][slot[1]]), draw.choice(patterns[language]))
    parts = (draw.choice(content["openings"][language]), body, draw.choice(content["closings"][language]))
    text = " ".join(_typed(word, draw) for word in " ".join(parts).split())
    return text[0].upper() + text[1:] if draw.random() < 0.4 else text


def _typed(word: str, draw: random.Random) -> str:
    if word.lower() in _SPELLINGS and draw.random() < 0.4:
        return draw.choice(_SPELLINGS[word.lower()])
    if len(word) > 4 and draw.random() < 0.03:
        dropped = draw.randrange(1, len(word) - 1)
        return word[:dropped] + word[dropped + 1 :]
    return word
