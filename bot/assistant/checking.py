"""What of a language model's reply may be sent: what names its source, quotes it, and is borne out by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from bot.assistant.lookups import Source
from bot.assistant.said import Statement
from bot.deciding import patterns
from bot.deciding.rules import fillers
from bot.grounding.judge import Judge, judged
from bot.grounding.rules import Reason, check
from bot.vocabulary import words
from ml.masking.mask import Mask, UnknownPlaceholder, normal

Finding = Literal[Reason, "length", "source", "quote", "placeholder", "prompt"]
"""Why a reply is not sent: a statement is not supported, names no source, does not quote it, or has a placeholder that
stands for nothing; or the reply is too long, or repeats what the model was told to do."""

MAX_CHARACTERS = 900
_MAX_ASKED, _MAX_QUESTION = 2_000, 200  # characters of the customer's question, and of the model's
_LEAST_QUOTED = 2  # words
_REPEATED, _LEAST_REPEATED = 5, 3  # words in a row; the least of a text that is shorter
_WORD = re.compile(r"\w+")
_BEGINNING = 5  # letters by which forms of a word are alike
# What the model gets is JSON, and no reply to a customer is.
_JSON = re.compile(r'[{\[]\s*"|"\s*:\s*["\[{]')
_BLANK = re.compile(r"\[[^\[\]\n]{1,60}\](?!\()|\{[^{}\n]{1,60}\}|<[^\W\d_][^<>\n]{2,60}>")


class NotSent(ValueError):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding: Finding = finding


class Grounds(NamedTuple):
    """What a reply is held against. `sources` by id; `names`: those that it may have; `told`: what the model was told
    to do, which is not for customers."""

    sources: Mapping[str, Source]
    question: str = ""
    names: str = ""
    told: str = ""


def text_of(statements: Sequence[Statement], grounds: Grounds, mask: Mask, judge: Judge | None) -> str | None:
    """The text of statements that their sources bear out; None if they state nothing. Raises NotSent."""
    sources, names = grounds.sources, grounds.names
    known = [source.masked for source in sources.values()]
    if any(_has_blank(each.text, known, mask) for each in statements):
        raise NotSent("placeholder")
    texts = [_restored(each.text, mask) for each in statements]
    stating = [each for each, text in zip(statements, texts, strict=True) if check(text, (), "", names).findings]
    if not stating:
        return None
    text = _joined(texts)
    if len(text) > MAX_CHARACTERS:
        raise NotSent("length")
    cited = [_cited(each, sources) for each in stating]
    if _JSON.search(text) or _repeats(text, grounds.told, cited):
        raise NotSent("prompt")
    checked = check(text, [source.text for source in sources.values()], grounds.question, names)
    texts_cited = list(dict.fromkeys(source.text for source in cited))
    if reason := judged(checked, grounds.question, texts_cited, judge and _masked(judge, mask)).reason:
        raise NotSent(reason)
    return text


def _repeats(text: str, told: str, sources: Iterable[Source]) -> bool:
    """Whether a text has several words in a row of what the model was told, which no source has."""
    said = _words(text)
    length = min(_REPEATED, len(said))
    if length < _LEAST_REPEATED:
        return False
    allowed = frozenset().union(*(_runs(_words(source.text), length) for source in sources))
    return bool(_runs(said, length) & _runs(_words(told), length) - allowed)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(said: Sequence[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(said[place : place + length]) for place in range(len(said) - length + 1))


def _has_blank(text: str, known: Sequence[str], mask: Mask) -> bool:
    """Whether a text has something left to fill in, such as [name], that no known text has."""
    blanks = [found[0] for found in _BLANK.finditer(text) if not mask.knows(found[0])]
    return any(not any(blank in each for each in known) for blank in blanks)


def _restored(text: str, mask: Mask) -> str:
    try:
        return mask.restore(text).strip()
    except UnknownPlaceholder:
        raise NotSent("placeholder") from None


def _joined(texts: Sequence[str]) -> str:
    separator = "\n" if any("\n" in text or text.startswith("-") for text in texts) else " "
    return separator.join(filter(None, texts))


def _cited(statement: Statement, sources: Mapping[str, Source]) -> Source:
    source = sources.get(statement.source.strip())
    if source is None:
        raise NotSent("source")
    quoted = " ".join(statement.quote.split())
    if len(quoted.split()) < _LEAST_QUOTED or quoted not in " ".join(source.masked.split()):
        raise NotSent("quote")
    return source


def _masked(judge: Judge, mask: Mask) -> Judge:
    """The judge, who gets no personal data either. The question is cut once it is masked, so that no number is."""

    def judge_masked(statement: str, question: str, sources: Sequence[str]) -> bool | None:
        asked = mask.hide(question)[-_MAX_ASKED:]
        return judge(mask.hide_known(statement), asked, [mask.hide_known(source) for source in sources])

    return judge_masked


def question_of(asked: str, known: Sequence[str], names: str, mask: Mask) -> str | None:
    """The question as it may be sent; None if it states more than what was said and found, which is `known`."""
    try:
        text = mask.restore(asked).strip()
    except UnknownPlaceholder:
        return None
    is_one = text.endswith("?") and "\n" not in text and len(text) <= _MAX_QUESTION
    if not is_one or _JSON.search(text) or _has_blank(asked, known, mask):
        return None
    if check(text, known, " ".join(known), names).verdict == "contradicted":
        return None
    said = {word[:_BEGINNING] for part in (*known, names) for word in patterns.tokens(normal(part))}
    return text if all(word in _asking() or word[:_BEGINNING] in said for word in patterns.tokens(text)) else None


def _asking() -> frozenset[str]:
    """Words that state nothing."""
    return fillers().union(*map(words, ("says_nothing", "asking", "refers", "pronouns", "questions_back")))
