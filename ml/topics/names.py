"""Names topics by the words and pairs of words that are frequent in them and rare in others (class-based TF-IDF)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

from ml.topics.cluster import NO_TOPIC, Numbers
from ml.topics.space import LANGUAGES
from ml.topics.words import runs

TERMS = 3
_PAIR_BONUS = 1.4  # a pair says more than its words, and is rarer
_FEWEST_WRITERS = 3
_FEWEST_SHARE = 0.03

Name = dict[str, str]
"""A topic's name by language; a language that too few wrote in has none."""


def name(texts: Sequence[str], languages: Sequence[str], conversations: Sequence[str], groups: Numbers) -> list[Name]:
    """The names of the topics 0, 1, … of masked texts. A word is used only if it is in at least 3 conversations of the
    topic, so that no customer's own data names it."""
    names: list[Name] = [{} for _ in range(groups.max() + 1)]
    for language in LANGUAGES:
        chosen = [place for place, written in enumerate(languages) if written == language]
        found = _terms([texts[place] for place in chosen], [conversations[place] for place in chosen], groups[chosen])
        for number, terms in found.items():
            names[number][language] = ", ".join(terms)
    return names


def _terms(texts: Sequence[str], conversations: Sequence[str], groups: Numbers) -> dict[int, list[str]]:
    writers: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for text, conversation, number in zip(runs(texts), conversations, groups.tolist(), strict=True):
        for term in set(_grams(text)):
            writers[number][term].add(conversation)
    counts = {number: Counter({term: len(who) for term, who in terms.items()}) for number, terms in writers.items()}
    overall: Counter[str] = sum(counts.values(), Counter())
    sizes = Counter(groups.tolist())
    average = sum(overall.values()) / max(len(counts), 1)
    found = {}
    for number, of_topic in counts.items():
        fewest = max(_FEWEST_WRITERS, _FEWEST_SHARE * sizes[number])
        scores = {
            term: count * log(1 + average / overall[term]) * (_PAIR_BONUS if " " in term else 1)
            for term, count in of_topic.items()
            if count >= fewest
        }
        if number != NO_TOPIC and scores:
            found[number] = _distinct(sorted(scores, key=lambda term: (-scores[term], term)))
    return found


def _grams(text: str) -> Iterator[str]:
    for run in text.split("\n"):
        words = run.split()
        yield from words
        yield from (f"{first} {second}" for first, second in pairwise(words) if first != second)


def _distinct(terms: Sequence[str]) -> list[str]:
    """The first terms that share no word."""
    chosen: list[str] = []
    for term in terms:
        used = {word for each in chosen for word in each.split()}
        if not used & set(term.split()):
            chosen.append(term)
        if len(chosen) == TERMS:
            break
    return chosen
