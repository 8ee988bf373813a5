"""The dialogues of a shop: what customers write, and what a right reply has or lacks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from warehouse.i18n import Language

Expected = Literal["answer", "handover", "silent_or_short", "ask_back", "refuse"]
Person = Literal["needed", "allowed", "unnecessary"]
Kind = Literal[
    "follow_up", "reference", "correction", "two_questions", "price", "stock", "size_colour", "link", "care",
    "delivery", "policy", "own_order", "policy_like_order", "greeting", "small_talk", "thanks", "agreement", "goodbye",
    "complaint", "person", "stop", "unanswerable", "ask_back", "hidden_product", "others_order", "injection",
    "misspelling",
]  # fmt: skip

FOLDER = Path(__file__).parent / "shops"
_PERSON: dict[Expected, Person] = {
    "answer": "unnecessary",
    "handover": "needed",
    "silent_or_short": "unnecessary",
    "ask_back": "unnecessary",
    "refuse": "allowed",
}
_LANGUAGES = ("id", "en")
_TURN_KEYS = {"texts", "expect", "any_of", "none_of", "person", "opts_out"}
_DIALOGUE_KEYS = {"id", "language", "kind", "phone", "turns"}


class Malformed(ValueError):
    """A dialogue that cannot be played; the message names it."""


@dataclass(frozen=True)
class Turn:
    """A burst of `texts`. `person`: whether an agent must, may or need not take over. Of each group in `any_of`,
    the replies must have at least one text; they may have none of `none_of`. `opts_out`: with this burst the customer
    asks for no more messages; `was_out`: with an earlier one."""

    texts: tuple[str, ...]
    expect: Expected
    person: Person
    any_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    opts_out: bool = False
    was_out: bool = False


@dataclass(frozen=True)
class Dialogue:
    """`phone` is the customer's, None for one without orders."""

    id: str
    shop: str
    language: Language
    kind: Kind
    phone: str | None
    turns: tuple[Turn, ...]


def shops() -> list[str]:
    """The names of the shops that have dialogues."""
    return sorted(path.parent.name for path in FOLDER.glob("*/dialogues.yml"))


def dialogues(shop: str) -> list[Dialogue]:
    """The dialogues of a shop, in the order of its file. Raises Malformed."""
    content = yaml.safe_load((FOLDER / shop / "dialogues.yml").read_text(encoding="utf-8"))
    return [_dialogue(shop, each) for each in content]


def _dialogue(shop: str, entry: dict[str, Any]) -> Dialogue:
    name = f"{shop}: {entry.get('id')}"
    _require(name, "keys", set(entry) <= _DIALOGUE_KEYS)
    _require(name, "language", entry.get("language") in _LANGUAGES)
    _require(name, "kind", entry.get("kind") in get_args(Kind))
    _require(name, "turns", bool(entry.get("turns")))
    turns: list[Turn] = []
    for place, each in enumerate(entry["turns"], start=1):
        turn = _turn(f"{name}, turn {place}", each)
        turns.append(replace(turn, was_out=any(earlier.opts_out for earlier in turns)))
    return Dialogue(str(entry["id"]), shop, entry["language"], entry["kind"], entry.get("phone"), tuple(turns))


def _turn(name: str, entry: dict[str, Any]) -> Turn:
    _require(name, "keys", set(entry) <= _TURN_KEYS)
    _require(name, "expect", entry.get("expect") in get_args(Expected))
    person = entry.get("person", _PERSON[entry["expect"]])
    _require(name, "person", person in get_args(Person))
    texts, groups, wrong = entry.get("texts", []), entry.get("any_of", []), entry.get("none_of", [])
    _require(name, "texts", _is_texts(texts) and bool(texts))
    _require(name, "any_of", isinstance(groups, list) and all(_is_texts(group) and group for group in groups))
    _require(name, "none_of", _is_texts(wrong))
    _require(name, "any_of for an answer", entry["expect"] != "answer" or bool(groups))
    return Turn(
        texts=tuple(texts),
        expect=entry["expect"],
        person=person,
        any_of=tuple(tuple(group) for group in groups),
        none_of=tuple(wrong),
        opts_out=bool(entry.get("opts_out", False)),
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)


def _require(name: str, what: str, is_met: bool) -> None:
    if not is_met:
        raise Malformed(f"{name}: {what}")
