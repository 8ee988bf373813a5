"""`python -m benchmarks.topics`: how well topics are found in messages from 25 hidden ones, beside words and k-means
that is told their number; and how long 10,000 messages take."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score

from benchmarks.topics.generate import NOISE, Message, generate
from ml import language, slang
from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.topics.cluster import NO_TOPIC, Numbers, centres, cluster
from ml.topics.identity import SAME
from ml.topics.keep import keep
from ml.topics.names import name
from ml.topics.place import NoEncoder, ready
from ml.topics.space import centred, vectors
from ml.topics.words import says_something, word_vectors
from warehouse.settings import get_settings

MESSAGES = 3_000
MANY = 10_000
SEEDS = range(5)
RENEWED = 0.1


def main() -> int:
    try:
        encoder, space = ready(get_settings())
    except NoEncoder as error:
        print(f"benchmarks.topics: {error}", file=sys.stderr)
        return 2
    console = Console()
    figures: list[dict[str, float]] = []
    for seed in SEEDS:
        messages = generate(MESSAGES, seed)
        _, groups = found(messages, encoder, space.projection)
        figures.append(
            {
                **{f"found: {key}": value for key, value in agreement(messages, groups).items()},
                **{f"words: {key}": value for key, value in agreement(messages, by_words(messages)).items()},
                "topics found": float(groups.max() + 1),
                "ids kept when 10 % of messages are new": kept(messages, seed, encoder, space.projection),
            }
        )
        if seed == SEEDS[0]:
            console.print(_names(messages, groups))
    console.print(_figures(figures))
    started = time.perf_counter()
    found(generate(MANY, 99), encoder, space.projection)
    console.print(f"{MANY} messages encoded and clustered in {time.perf_counter() - started:.0f} s")
    return 0


def found(messages: Sequence[Message], encoder: Encoder, projection: Floats) -> tuple[Floats, Numbers]:
    """The positions (messages, 60) and topics (messages,) as `ml.topics.discover` finds them."""
    texts = [message.text for message in messages]
    positions = centred(vectors(texts, encoder) @ projection, language.likeliest(texts))
    chosen = np.array([says_something(text) for text in texts])
    groups = np.full(len(texts), NO_TOPIC)
    said = [text for text, is_chosen in zip(texts, chosen, strict=True) if is_chosen]
    groups[chosen] = cluster(positions[chosen], word_vectors(said))
    return positions, groups


def by_words(messages: Sequence[Message]) -> Numbers:
    """TF-IDF and k-means with the true number of topics and one more for noise."""
    words = TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(slang.expand(each.text) for each in messages)
    topics = len({message.topic for message in messages})
    return np.asarray(KMeans(topics, n_init=3, random_state=0).fit_predict(words))


def agreement(messages: Sequence[Message], groups: Numbers) -> dict[str, float]:
    """Normalised mutual information with the hidden topics: over all messages, noise and no topic being one more on
    either side; over those that have a hidden topic; over those of these that were given one."""
    truth = np.array([message.topic for message in messages])
    topical = truth != NOISE
    assigned = topical & (groups != NO_TOPIC)
    over = {"all": np.ones(len(truth), dtype=bool), "with a topic": topical, "with a topic, given one": assigned}
    return {key: float(normalized_mutual_info_score(truth[chosen], groups[chosen])) for key, chosen in over.items()}


def kept(messages: Sequence[Message], seed: int, encoder: Encoder, projection: Floats) -> float:
    """The share of topics that are still there, their centres where they were, when a tenth of the messages is new."""
    count = int(len(messages) * RENEWED)
    renewed = [*messages[count:], *generate(MESSAGES, seed + 1_000)[:count]]
    _, before = found(messages, encoder, projection)
    positions, after = found(renewed, encoder, projection)
    old = np.concatenate([before[count:], np.full(count, NO_TOPIC)])
    is_fresh = np.arange(len(renewed)) >= len(renewed) - count
    known = before.max() + 1
    new = keep(old, is_fresh, after, positions)
    # The old centres, in the space of the new run.
    stays = np.einsum("td,td->t", centres(positions, old), centres(positions, new)[: old.max() + 1]) >= SAME
    return float(stays.sum() / known)


def _names(messages: Sequence[Message], groups: Numbers) -> Table:
    """For each hidden topic the name of the one that most of its messages are in."""
    texts = [message.text for message in messages]
    names = name(texts, [message.language for message in messages], [str(place) for place in range(len(texts))], groups)
    truth = np.array([message.topic for message in messages])
    table = Table("hidden topic", "share of its messages", "Indonesian", "English", title="Names")
    for topic in sorted(set(truth) - {NOISE}):
        counts = np.bincount(groups[(truth == topic) & (groups != NO_TOPIC)], minlength=len(names))
        best = int(counts.argmax())
        share = counts[best] / (truth == topic).sum()
        table.add_row(topic, f"{share:.2f}", names[best].get("id", ""), names[best].get("en", ""))
    return table


def _figures(figures: Sequence[dict[str, float]]) -> Table:
    table = Table("figure", "mean", "lowest", "highest", title=f"{MESSAGES} messages, {len(figures)} seeds")
    for key in figures[0]:
        values = [each[key] for each in figures]
        table.add_row(key, *(f"{value:.3f}" for value in (np.mean(values), min(values), max(values))))
    return table


if __name__ == "__main__":
    sys.exit(main())
