"""Names topics by words that many of their messages have and few others (class-based TF-IDF).

Words are chosen one by one, each for the messages that the earlier ones are not in. Forms of a word count as one, and
it is shown as most customers write it, with its neighbour where the two mostly stand together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from math import log

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from ml.topics.cluster import NO_TOPIC, Numbers
from ml.topics.space import LANGUAGES
from ml.topics.words import is_nameable, runs

WORDS = 3
"""Words of a name, at most; a pair counts as two."""

_FEWEST_WRITERS = 3
_FEWEST_SHARE = 0.1
_PAIRED = 0.35
_COVERED = 0.3
"""The weight of a message that an earlier word of the name is in."""

Name = dict[str, str]
"""A topic's name by language; a language that too few wrote in has none."""

_Used = Mapping[str, set[str]]


def name(texts: Sequence[str], languages: Sequence[str], conversations: Sequence[str], groups: Numbers) -> list[Name]:
    """The names of the topics 0, 1, … of masked texts, no two alike in a language. A word is used only if it is in at
    least 3 conversations of the topic, so that no customer's own data names it."""
    names: list[Name] = [{} for _ in range(groups.max() + 1)]
    for language in LANGUAGES:
        chosen = [place for place, written in enumerate(languages) if written == language]
        written = [runs(texts[place]) for place in chosen]
        found = _names(written, [conversations[place] for place in chosen], groups[chosen].tolist())
        for number, of_topic in found.items():
            names[number][language] = of_topic
    return names


def _names(texts: Sequence[list[list[str]]], conversations: Sequence[str], groups: Sequence[int]) -> dict[int, str]:
    plain = _without_endings(texts)
    used: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    talks: dict[int, set[str]] = defaultdict(set)
    for text, conversation, number in zip(plain, conversations, groups, strict=True):
        talks[number].add(conversation)
        for term in _terms(text):
            used[number][term].add(conversation)
    concepts = {number: _by_concept(terms) for number, terms in used.items()}
    overall: Counter[str] = Counter()
    for of_topic in concepts.values():
        overall.update({concept: len(who) for concept, who in of_topic.items()})
    average = sum(overall.values()) / max(len(concepts), 1)
    rarity = {concept: log(1 + average / count) for concept, count in overall.items()}
    found: dict[int, str] = {}
    for number in sorted(used):
        if number != NO_TOPIC:
            terms = _chosen(used[number], concepts[number], rarity, len(talks[number]))
            if unlike := _unlike(terms, set(found.values())):
                found[number] = unlike
    return found


def _chosen(used: _Used, concepts: _Used, rarity: Mapping[str, float], talks: int) -> list[str]:
    """The terms of a name, the most telling first, and some more to tell it from another name."""
    fewest = max(_FEWEST_WRITERS, _FEWEST_SHARE * talks)
    left = {concept for concept, who in concepts.items() if len(who) >= fewest}
    covered: set[str] = set()
    terms: list[str] = []
    while left and len(terms) <= WORDS:
        best = max(left, key=partial(_worth, concepts=concepts, rarity=rarity, covered=frozenset(covered)))
        if term := _as_written(best, used, left):
            terms.append(term)
            left -= {_concept(word) for word in term.split()}
        covered |= concepts[best]
        left.discard(best)
    return terms


def _worth(concept: str, concepts: _Used, rarity: Mapping[str, float], covered: frozenset[str]) -> tuple[float, str]:
    """How much a concept adds to a name; ties by the alphabet."""
    new = len(concepts[concept] - covered)
    return (new + _COVERED * (len(concepts[concept]) - new)) * rarity[concept], concept


def _as_written(concept: str, used: _Used, left: set[str]) -> str | None:
    """The word of a concept that most write, or a pair with it if the word mostly stands in it."""
    forms = {term: len(who) for term, who in used.items() if " " not in term and _concept(term) == concept}
    form = max(forms, key=lambda term: (forms[term], term))
    if forms[form] < _FEWEST_WRITERS:
        return None
    pairs = {
        term: len(who)
        for term, who in used.items()
        if form in term.split() and " " in term and all(_concept(word) in left for word in term.split())
    }
    pair = max(pairs, key=lambda term: (pairs[term], term), default=None)
    return pair if pair and pairs[pair] >= max(_FEWEST_WRITERS, _PAIRED * forms[form]) else form


def _unlike(terms: Sequence[str], taken: set[str]) -> str | None:
    """The terms as a name of at most 3 words that is not taken; None if there is none."""
    shown: list[str] = []
    for term in terms:
        if len(" ".join([*shown, term]).split()) <= WORDS:
            shown.append(term)
    if not shown or ", ".join(shown) not in taken:
        return ", ".join(shown) or None
    return next((", ".join([*shown[:-1], term]) for term in terms if ", ".join([*shown[:-1], term]) not in taken), None)


def _by_concept(terms: _Used) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for term, who in terms.items():
        if " " not in term:
            found[_concept(term)] |= who
    return found


def _terms(text: list[list[str]]) -> set[str]:
    words = {word for run in text for word in run}
    return words | {f"{first} {second}" for run in text for first, second in pairwise(run) if first != second}


def _without_endings(texts: Sequence[list[list[str]]]) -> list[list[list[str]]]:
    """`garansinya` is written `garansi` where that is a word of others; words that name nothing part the runs."""
    known = {word for text in texts for run in text for word in run}
    found: list[list[list[str]]] = []
    for text in texts:
        split: list[list[str]] = [[]]
        for run in text:
            split.append([])
            for word in run:
                bare = word.removesuffix("nya")
                shown = bare if bare in known else word
                if is_nameable(shown) and is_nameable(bare):
                    split[-1].append(shown)
                else:
                    split.append([])
        found.append([run for run in split if run])
    return found


_stemmer = StemmerFactory().create_stemmer(False)


@lru_cache(maxsize=50_000)
def _concept(word: str) -> str:
    """What forms of a word have in common, in either language; never shown."""
    stem = str(_stemmer.stem(word))
    for ending in ("ing", "ed", "es", "s"):
        bare = stem.removesuffix(ending)
        if bare != stem and len(bare) > 2:
            return bare.removesuffix("e")
    return stem.removesuffix("e") if len(stem) > 3 else stem
