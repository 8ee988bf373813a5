"""Findings as sentences in a language. What these say may be said in other words, but with no other figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from dashboards.definition import Card, Language
from dashboards.insights.findings import DAYS, Finding, Findings, GrownTopic, Unusual
from dashboards.insights.parts import Part
from warehouse import formats
from warehouse.formats import Currency
from warehouse.i18n import N_, Text, translate

Direction = Literal["up", "down"]
_MOVED: dict[Direction, Text] = {
    "up": N_("{title} rose by {change} to {now} (from {before}){part}."),
    "down": N_("{title} fell by {change} to {now} (from {before}){part}."),
}


@dataclass(frozen=True)
class Statement:
    """One sentence with what may be said of it: `figures` as text, to be copied as they are; `names` that may have
    numbers in them; which way the figure went, and whether that is good. `main` is the figure that it is about."""

    text: str
    main: str | None = None
    figures: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    direction: Direction | None = None
    is_good: bool | None = None


def statements(found: Findings, language: Language) -> list[Statement]:
    """The sentences on a dashboard, the period first and what to look at last."""
    words = _Words(language, found.currency)
    head = words.finding(found.head)
    said = [words.period(found), head]
    said += [words.finding(change) for change in found.changes if change is not found.head]
    if not found.changes and found.is_compared:
        said.append(words.plain(N_("No clear change this week.")))
    elif found.changes == [found.head]:
        said.append(words.plain(N_("No other clear changes.")))
    said += [words.unusual(each) for each in found.unusual]
    said += [words.topic(each) for each in found.topics]
    if found.to_look_at:
        said.append(words.look(found.to_look_at))
    return said


def template(said: list[Statement]) -> str:
    return " ".join(statement.text for statement in said)


@dataclass(frozen=True)
class _Words:
    language: Language
    currency: str | Currency

    def period(self, found: Findings) -> Statement:
        now, before = (formats.day_range(*each.period, self.language) for each in (found.chosen, found.chosen.before))
        if not found.is_compared:
            return Statement(f"{now}:", figures=(now,))
        text = self._say(N_("{now} compared with {before}:"), now=now, before=before)
        return Statement(text, figures=(now, before))

    def plain(self, text: Text) -> Statement:
        """A sentence without figures. A model may copy it although it names a time."""
        return Statement(text.to(self.language), names=(text.to(self.language),))

    def finding(self, finding: Finding) -> Statement:
        title, now = finding.card.title.to(self.language), self._figure(finding.card, finding.now)
        if finding.before is None:
            sentence = N_("{title}: {now}.") if finding.is_final else N_("{title}: {now}, not final yet.")
            return Statement(self._say(sentence, title=title, now=now), now, (now,), (title,))
        before = self._figure(finding.card, finding.before)
        assert finding.card.format
        change = formats.change(finding.now, finding.before, finding.card.format, self.language)
        part, of_part, names = self._part(finding.card, finding.part)
        if change is None and now == before:
            return Statement(self._say(N_("{title} stayed at {now}."), title=title, now=now), now, (now,), (title,))
        direction: Direction = "up" if finding.now > finding.before else "down"
        sentence = _MOVED[direction] if change else N_("{title} went from {before} to {now}{part}.")
        text = self._say(sentence, title=title, change=change, now=now, before=before, part=part)
        figures = (now, before, *((change,) if change else ()), *of_part)
        is_good = None if finding.card.better is None else not finding.is_bad
        return Statement(text, now, figures, (title, *names), direction, is_good)

    def unusual(self, unusual: Unusual) -> Statement:
        title, day = unusual.title.to(self.language), formats.day(unusual.day, self.language)
        value, expected = (self._figure(unusual.card, each) for each in (unusual.value, unusual.expected))
        sentence = N_("Unusual on {day}: {title} was {value} instead of about {expected}.")
        text = self._say(sentence, title=title, day=day, value=value, expected=expected)
        direction: Direction = "up" if unusual.value > unusual.expected else "down"
        return Statement(text, value, (day, value, expected), (title,), direction)

    def topic(self, topic: GrownTopic) -> Statement:
        name = topic.name.get(self.language, topic.name["en"])
        now, usual = (
            formats.formatted(round(each), "count", self.language) for each in (topic.messages, topic.expected)
        )
        days = formats.day_range(topic.last_day - timedelta(DAYS - 1), topic.last_day, self.language)
        if topic.is_new:
            text = self._say(N_("New topic “{name}”: {now} messages ({days})."), name=name, now=now, days=days)
            return Statement(text, now, (now, days), (name,), "up")
        sentence = N_("More customers write about “{name}”: {now} messages instead of about {usual} ({days}).")
        text = self._say(sentence, name=name, now=now, usual=usual, days=days)
        return Statement(text, now, (now, usual, days), (name,), "up")

    def look(self, finding: Finding) -> Statement:
        title = finding.card.title.to(self.language)
        if finding.part is None or finding.part.parameter is None:
            return Statement(self._say(N_("Look at: {title}."), title=title), names=(title,))
        dimension, part = finding.part.dimension.to(self.language), finding.part.called(self.language)
        sentence = N_("Look at: {title} ({dimension}: {part}).")
        text = self._say(sentence, title=title, dimension=dimension, part=part)
        return Statement(text, names=(title, dimension, part))

    def _part(self, card: Card, part: Part | None) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """How a sentence goes on about a part, its figures and its names."""
        if part is None:
            return "", (), ()
        dimension, title = part.dimension.to(self.language), part.called(self.language)
        figures = tuple(self._figure(card, value) for value in (part.before, part.now))
        clause = N_(", mainly {dimension}: {part} ({before} → {now})")
        text = self._say(clause, dimension=dimension, part=title, before=figures[0], now=figures[1])
        return text, figures, (dimension, title)

    def _figure(self, card: Card, value: float | None) -> str:
        assert card.format
        return formats.formatted(value, card.format, self.language, self.currency)

    def _say(self, sentence: Text, **values: Any) -> str:
        return translate(self.language, sentence, **values)
