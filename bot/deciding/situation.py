"""The input of all steps, read once: the conversation, its words and labels, the shop and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.catalogue.names import Names
from bot.conversation import language, times
from bot.conversation.reasons import Intent, Reason
from bot.conversation.types import Action, Conversation, Message, Reply, Step, StepName, SurveyMove
from bot.deciding import context, invitation, patterns, requests, rules, spelling
from bot.deciding.context import Context
from bot.deciding.invitation import Invitation
from bot.deciding.requests import Request
from bot.deciding.rules import Rule
from bot.shop import profile
from bot.shop.instructions import Instructions
from bot.shop.profile import Shop
from bot.tools import Tools
from ml.classifier import labels
from ml.classifier.predict import Label
from ml.speech_acts.acts import Act
from warehouse.i18n import Language


@dataclass(frozen=True)
class Situation:
    """`words`: those of the burst, as patterns see them; `labels`: those of its messages, empty without a model.
    `requests`: the burst's, at least one; a step that answers one of them sees only that one and, as `context`, what
    was talked about before it. `names`: those of the shop's products. `wish`: the rule by which a message opted out or
    in; such messages are no longer in the burst; `is_wish_confirmed`: Twilio recognised it and has answered. `survey`:
    the one that the customer is invited to. `acts`: those predicted so far, by text."""

    conversation: Conversation
    tools: Tools
    language: Language
    shop: Shop
    rules: tuple[Rule, ...]
    anger_words: frozenset[tuple[str, ...]]
    labels: tuple[Label, ...]
    words: tuple[str, ...]
    requests: tuple[Request, ...]
    context: Context
    names: Names
    wish: Rule | None = None
    is_wish_confirmed: bool = False
    survey: Invitation | None = None
    acts: dict[str, Act] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def request(self) -> Request:
        return self.requests[0]

    @property
    def act(self) -> Act | None:
        """What the request does, by the model of speech acts; None without a model or without text."""
        model, text = self.tools.speech_acts, self.request.text
        if model is None or not text.strip():
            return None
        if text not in self.acts:
            [self.acts[text]] = model.predict([text])
        return self.acts[text]

    def about(self, request: Request) -> Situation:
        """The situation for one request."""
        return replace(self, requests=(request,), words=request.words)

    def about_rest(self, rest: tuple[Request, ...]) -> Situation:
        """The situation for the requests of a burst about which nothing is decided yet."""
        return replace(self, requests=rest, words=tuple(word for request in rest for word in request.words))

    def as_one_request(self) -> Situation:
        """The situation for all requests together."""
        text = " ".join(request.text for request in self.requests)
        return self.about(Request(text, patterns.tokens(text)))

    def of_each_request(self) -> Iterator[Situation]:
        """The situation for each request of the burst, with the context that those before it leave."""
        context = self.context
        for request in self.requests:
            yield replace(self.about(request), context=context)
            context = context.after(request, self.names)

    @property
    def urgency_is_high(self) -> bool:
        return any(label.urgency == "high" for label in self.labels)

    @property
    def mentions_payment(self) -> bool:
        """Whether it may say or ask whether an order is paid."""
        return any(rule.intent == "payment_status" for rule in self.found("facts"))

    def found(self, action: str) -> tuple[Rule, ...]:
        """The rules with this action that match."""
        return tuple(rule for rule in self.rules if rule.action == action and rules.found_in(rule, self.words))

    def fill(self, rule: Rule) -> str | None:
        """The rule's answer in the customer's language with placeholders filled, or None without an answer."""
        answer = rule.answer(self.language)
        if not answer:
            return None
        return rules.filled(
            answer,
            shop_name=self.shop.name,
            name=rules.first_name(self.conversation.name),
            hours=times.opening_hours(self.shop, self.language),
        )

    @property
    def angry_words(self) -> int:
        """The number of escalation words in the burst."""
        return sum(
            self.words[place : place + len(word)] == word
            for word in self.anger_words
            for place in range(len(self.words))
        )

    def was_just_said(self, text: str) -> bool:
        """Whether one of the last two messages, of either side, is this text."""
        return any(message.text == text for message in self.conversation.earlier[-2:])

    @property
    def wished_action(self) -> Action | None:
        return None if self.wish is None else "stop" if self.wish.action == "stop" else "start"


@dataclass(frozen=True)
class Verdict:
    """The result of a step. The first outcome other than `passed` and `failed` ends the decision about the burst or a
    request. `is_courtesy`: the request asks for nothing, and gets no reply beside one that does. `rest`: other
    requests of the burst, about which the next steps decide."""

    step: Step
    replies: tuple[Reply, ...] = ()
    handover: Reason | Intent | None = None
    rating: int | None = None
    survey: SurveyMove | None = None
    is_courtesy: bool = False
    rest: tuple[Request, ...] = ()

    @property
    def is_last(self) -> bool:
        return self.step.outcome not in ("passed", "failed") and not self.rest


def passed(name: StepName, reason: Reason | Intent, **details: Any) -> Verdict:
    return Verdict(Step(name, "passed", reason, details))


def answered(name: StepName, reason: Reason | Intent, text: str, **details: Any) -> Verdict:
    return Verdict(Step(name, "answered", reason, details), (Reply("answer", text, True),))


def refused(name: StepName, reason: Reason | Intent, text: str, **details: Any) -> Verdict:
    return Verdict(Step(name, "refused", reason, details), (Reply("answer", text, True),))


def look(conversation: Conversation, tools: Tools, instructions: Instructions | None = None) -> Situation:
    """Read the shop's settings and rules, and label the messages."""
    with tools.connect() as connection, connection.cursor() as cursor:
        found = profile.load(cursor, conversation.store_id, tools.settings, instructions)
        shop_rules = rules.load(cursor, conversation.store_id)
        anger_words = rules.anger_words(cursor, conversation.store_id)
        names = tools.product_names.of(cursor, conversation.store_id)
        survey = invitation.load(cursor, conversation.conversation_id)
    wishes = _wishes(conversation.burst, shop_rules)
    wish = list(wishes.values())[-1] if wishes else None
    predictor, texts = tools.predictor, [message.text for message in conversation.burst]
    rest = replace(conversation, burst=tuple(message for message in conversation.burst if message.id not in wishes))
    found_requests = requests.split(
        [spelling.corrected(message.text, conversation.store_id, names, tools) for message in rest.burst]
    )
    return Situation(
        conversation=rest,
        tools=tools,
        language=language.of(conversation),
        shop=found,
        rules=shop_rules,
        anger_words=anger_words,
        labels=tuple(labels.label(predictor, texts)) if predictor else (),
        words=patterns.tokens(rest.text),
        requests=found_requests or (Request("", ()),),
        context=context.of(conversation.context, names),
        names=names,
        wish=wish,
        is_wish_confirmed=any(message.opt_out for message in conversation.burst),
        survey=survey,
    )


def _wishes(burst: Sequence[Message], shop_rules: Sequence[Rule]) -> dict[str, Rule]:
    """The messages that opt out or in, with their rules; each counts by itself. What Twilio recognised counts whatever
    the shop's rules say."""
    stops = [rule for rule in shop_rules if rule.action in ("stop", "start")]
    found: dict[str, Rule] = {}
    for message in burst:
        if message.opt_out:
            found[message.id] = next(
                (rule for rule in stops if rule.action == message.opt_out), rules.without_patterns(message.opt_out)
            )
        elif not message.media and (covering := rules.covering(stops, patterns.tokens(message.text))):
            found[message.id] = covering[-1]
    return found
