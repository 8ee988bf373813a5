"""`python -m benchmarks.topics`: how well topics are found in messages of two made-up shops with 25 hidden topics each,
beside words and k-means that is told their number; what they are called; and how long many messages take.

With `--examples` random messages of each of the largest topics are shown before the names, for judging the names."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score

from benchmarks.topics.generate import NOISE, SHOPS, Message, generate
from ml import language, slang
from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.topics.cluster import NO_TOPIC, Numbers, centres, cluster
from ml.topics.identity import SAME
from ml.topics.keep import keep
from ml.topics.names import name
from ml.topics.place import NoEncoder, ready
from ml.topics.space import centred, vectors
from ml.topics.vocabulary import vocabulary
from ml.topics.words import says_something
from warehouse.settings import get_settings

MESSAGES = 3_000
RENEWED = 0.1
JUDGED, EXAMPLES = 25, 15


class Read(NamedTuple):
    """Messages with their places (messages, 120) and likeliest languages."""

    messages: list[Message]
    places: Floats
    languages: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.topics", description=__doc__)
    parser.add_argument("--shop", choices=SHOPS, action="append", help="one shop instead of both")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--examples", action="store_true")
    parser.add_argument("--time", type=int, metavar="MESSAGES", help="only time the discovery of as many messages")
    arguments = parser.parse_args()
    try:
        encoder, space = ready(get_settings())
    except NoEncoder as error:
        print(f"benchmarks.topics: {error}", file=sys.stderr)
        return 2
    console = Console(width=150)
    if arguments.time:
        console.print(_seconds(arguments.time, encoder, space.projection))
        return 0
    for shop in arguments.shop or SHOPS:
        figures = []
        for seed in range(arguments.seeds):
            started = time.perf_counter()
            first = read(generate(shop, MESSAGES, seed), encoder, space.projection)
            _, groups = found(first, encoder)
            fresh = read(generate(shop, MESSAGES, seed + 1_000)[: int(MESSAGES * RENEWED)], encoder, space.projection)
            figures.append(
                {
                    **{f"found: {key}": value for key, value in agreement(first.messages, groups).items()},
                    "words and k-means": agreement(first.messages, by_words(first.messages))["NMI, all"],
                    "ids kept when 10 % of messages are new": kept(first, fresh, groups, encoder),
                }
            )
            console.print(f"{shop}, seed {seed}: {time.perf_counter() - started:.0f} s")
            if seed == 0:
                _show(console, first, groups, arguments.examples)
        console.print(_figures(shop, figures))
    return 0


def read(messages: list[Message], encoder: Encoder, projection: Floats) -> Read:
    texts = [message.text for message in messages]
    return Read(messages, vectors(texts, encoder) @ projection, language.likeliest(texts))


def found(given: Read, encoder: Encoder) -> tuple[Floats, Numbers]:
    """The positions (messages, 120) and topics (messages,) as `ml.topics.discover` finds them."""
    texts = [message.text for message in given.messages]
    positions = centred(given.places, given.languages)
    chosen = np.array([says_something(text) for text in texts])
    groups = np.full(len(texts), NO_TOPIC)
    said = [text for text, is_chosen in zip(texts, chosen, strict=True) if is_chosen]
    groups[chosen] = cluster(positions[chosen], vocabulary(said, encoder))
    return positions, groups


def by_words(messages: Sequence[Message]) -> Numbers:
    """TF-IDF and k-means with the true number of topics and one more for noise."""
    words = TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(slang.expand(each.text) for each in messages)
    topics = len({message.topic for message in messages})
    return np.asarray(KMeans(topics, n_init=3, random_state=0).fit_predict(words))


def agreement(messages: Sequence[Message], groups: Numbers) -> dict[str, float]:
    """Normalised mutual information with the hidden topics: over all messages, noise and no topic being one more on
    either side, and over those that have a hidden topic. How many are found, and what is left without one."""
    truth = np.array([message.topic for message in messages])
    topical, left = truth != NOISE, groups == NO_TOPIC
    return {
        "NMI, all": float(normalized_mutual_info_score(truth, groups)),
        "NMI, with a hidden topic": float(normalized_mutual_info_score(truth[topical], groups[topical])),
        "topics": float(groups.max() + 1),
        "noise left without a topic": float(left[~topical].mean()),
        "noise among what is left": float((~topical)[left].mean()) if left.any() else 0.0,
        "others left without a topic": float(left[topical].mean()),
    }


def kept(first: Read, fresh: Read, before: Numbers, encoder: Encoder) -> float:
    """The share of topics that are still there, their centres where they were, when a tenth of the messages is new."""
    count = len(fresh.messages)
    renewed = Read(
        [*first.messages[count:], *fresh.messages],
        np.concatenate([first.places[count:], fresh.places]),
        [*first.languages[count:], *fresh.languages],
    )
    positions, after = found(renewed, encoder)
    old = np.concatenate([before[count:], np.full(count, NO_TOPIC)])
    is_fresh = np.arange(len(renewed.messages)) >= len(renewed.messages) - count
    new = keep(old, is_fresh, after, positions)
    # The old centres, in the space of the new run.
    stays = np.einsum("td,td->t", centres(positions, old), centres(positions, new)[: old.max() + 1]) >= SAME
    return float(stays.sum() / (before.max() + 1))


def _show(console: Console, first: Read, groups: Numbers, with_examples: bool) -> None:
    """Each topic with its names, its size and the two hidden topics that most of its messages have."""
    texts = [message.text for message in first.messages]
    names = name(texts, first.languages, [str(place) for place in range(len(texts))], groups)
    if with_examples:
        draw = random.Random(0)
        for number in range(min(JUDGED, len(names))):
            members = np.flatnonzero(groups == number).tolist()
            console.rule(f"topic {number}")
            for place in draw.sample(members, min(EXAMPLES, len(members))):
                console.print(texts[place], markup=False, highlight=False)
    table = Table("topic", "Indonesian", "English", "messages", "hidden topics")
    for number, of_topic in enumerate(names):
        members = np.flatnonzero(groups == number).tolist()
        hidden = Counter(first.messages[place].topic for place in members).most_common(2)
        shares = ", ".join(f"{topic} {count / len(members):.0%}" for topic, count in hidden)
        table.add_row(str(number), of_topic.get("id", ""), of_topic.get("en", ""), str(len(members)), shares)
    console.print(table)


def _figures(shop: str, figures: Sequence[dict[str, float]]) -> Table:
    table = Table("figure", "mean", "lowest", "highest", title=f"{shop}: {MESSAGES} messages, {len(figures)} seeds")
    for key in figures[0]:
        values = [each[key] for each in figures]
        table.add_row(key, *(f"{value:.3f}" for value in (np.mean(values), min(values), max(values))))
    return table


def _seconds(count: int, encoder: Encoder, projection: Floats) -> str:
    messages = generate(SHOPS[0], count, 99)
    started = time.perf_counter()
    given = read(messages, encoder, projection)
    encoded = time.perf_counter()
    found(given, encoder)
    return f"{count} messages: encoded in {encoded - started:.0f} s, discovery {time.perf_counter() - encoded:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
