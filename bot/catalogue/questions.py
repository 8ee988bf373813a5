"""What a customer wants to know about products."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from bot.catalogue.products import SIZES, Product, Variation
from bot.vocabulary import translations, words

Aspect = Literal["price", "stock", "size", "colour", "option", "link"]
ASPECTS: tuple[Aspect, ...] = ("price", "stock", "size", "colour", "option", "link")
_MEASURE = re.compile(r"(?<![\d.,])(\d+)\s?([a-z]+)\b")  # `250g`, not the end of `1,5 liter`
_UNITS: Mapping[str, frozenset[str]] = {
    unit: frozenset(forms)
    for forms in (("g", "gr", "gram"), ("kg", "kilo", "kilogram"), ("l", "lt", "liter", "litre"), ("ml", "mililiter"))
    for unit in forms
}
_EXTREMES = {"smallest": 0, "largest": -1}  # lists of words, and the place among the sizes


class Wanted(NamedTuple):
    """Values of options in a question. `variations`: those that have them; `missing`: values that the product does not
    have; `named`: the words in the question."""

    variations: tuple[Variation, ...]
    is_specific: bool = False
    missing: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()


def aspects(said: Sequence[str]) -> frozenset[Aspect]:
    return frozenset(aspect for aspect in ASPECTS if words(aspect) & set(said))


def is_about_shop(said: Sequence[str]) -> bool:
    """Whether the question is about delivery, payment, returns and the like."""
    return bool(words("shop_matters") & set(said))


def wanted(product: Product, said: Sequence[str]) -> Wanted:
    """The variations that a question is about, all of them if it names no option. The measure in the name of a
    product without variations asks for nothing else."""
    spoken = set(said) | {translations()[word] for word in said if word in translations()}
    named_values: dict[str, set[str]] = {}
    named: set[str] = set()
    for variation in product.variations:
        for attribute, value in variation.options.items():
            parts = _parts(value)
            if parts and (parts <= spoken or _is_measure(parts, spoken)):
                named_values.setdefault(attribute, set()).add(value)
                named |= parts & spoken
    named |= _add_extremes(product, said, named_values)
    found = tuple(each for each in product.variations if _has(each, named_values))
    colours = set(translations()) | set(translations().values())
    unknown = frozenset(word for word in said if word in colours or word in SIZES) - named - _translated(named)
    if not product.variations and (measure := _measure_of(product.name, said)):
        return Wanted((), False, frozenset(), measure)
    if unknown and product.variations and not named_values:
        return Wanted(product.variations, False, unknown, unknown)
    return Wanted(found, bool(named_values), frozenset(), frozenset(named) | _spoken_for(named, said))


def _measure_of(name: str, said: Sequence[str]) -> frozenset[str]:
    """The words of a question that say a measure of a product's name: `250 gram` for a name with `250g`."""
    for number, unit in _MEASURE.findall(name.lower()):
        for before, pair in zip(("", *said), pairwise(said), strict=False):
            if not before.isdigit() and pair[0] == number and pair[1] in _UNITS.get(unit, {unit}):
                return frozenset(pair)
    return frozenset()


def _add_extremes(product: Product, said: Sequence[str], named_values: dict[str, set[str]]) -> set[str]:
    """Add the smallest or the largest of the product's sizes, or both, if that is asked for; the words that do."""
    asked = {place: found for name, place in _EXTREMES.items() if (found := words(name) & set(said))}
    for attribute, values in product.sizes.items():
        if asked and attribute not in named_values:
            named_values[attribute] = {values[place] for place in asked}
            return set().union(*asked.values())
    return set()


def _has(variation: Variation, named: Mapping[str, set[str]]) -> bool:
    return all(variation.options.get(attribute) in values for attribute, values in named.items())


def _spoken_for(named: set[str], said: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in said if translations().get(word) in named)


def _translated(named: set[str]) -> frozenset[str]:
    return frozenset(english for english, own in translations().items() if own in named)


def _is_measure(parts: set[str], spoken: set[str]) -> bool:
    """Whether the number of a value such as `18 cm` was said."""
    numbers = {part for part in parts if part.isdigit()}
    return bool(numbers) and numbers <= spoken


def _parts(value: str) -> set[str]:
    return set(value.lower().replace("-", " ").replace("/", " ").split())
