"""When the bot hands over to an agent, and what the customer is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import episode, times
from bot.conversation.reasons import Intent, Reason
from bot.conversation.replies import say, texts
from bot.conversation.types import Media, Message, Reply, Step, StepName
from bot.deciding import orders
from bot.deciding.rules import complaints
from bot.deciding.situation import Situation, Verdict, passed
from bot.vocabulary import words
from ml.speech_acts.acts import SURE

_DOCUMENTS = ("image/", "application/pdf")
_AWAITS_PAYMENT = ("pending", "on-hold")
_STICKER = "image/webp"
_SHORT = 3  # content words
_FALLBACKS_UNTIL_HANDOVER = 2


def media(situation: Situation) -> Verdict:
    """Hands over pictures, voice notes, files and locations, which the bot cannot read."""
    if any(message.place for message in situation.conversation.burst):
        return _verdict(situation, "media", Reason.LOCATION, "media.location")
    files = [file for message in situation.conversation.burst for file in message.media]
    stickers = [file for message in situation.conversation.burst if _is_sticker(message) for file in message.media]
    if not files:
        return passed("media", Reason.NONE)
    if len(stickers) == len(files):
        if situation.conversation.text.strip():
            return passed("media", Reason.STICKER)
        return Verdict(Step("media", "silent", Reason.STICKER))
    reason = _kind(files, situation)
    return _verdict(situation, "media", reason, f"media.{reason}", files=len(files))


def _is_sticker(message: Message) -> bool:
    """By what WhatsApp calls it: a picture or document may be WebP, too."""
    if message.kind in (None, "text"):
        return all(file.media_type == _STICKER for file in message.media)
    return message.kind == "sticker"


def _kind(files: Sequence[Media], situation: Situation) -> Reason:
    if any(file.media_type.startswith("audio/") for file in files):
        return Reason.VOICE_NOTE
    if any(file.media_type.startswith(_DOCUMENTS) for file in files):
        return Reason.PROOF_OF_PAYMENT if _is_proof(situation) else Reason.PICTURE
    return Reason.FILE


def _is_proof(situation: Situation) -> bool:
    """Whether the text beside a picture mentions payment, or without text a payment is expected."""
    conversation = situation.conversation
    if situation.words or not conversation.is_verified:
        return bool(words("payment") & set(situation.words))
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        own = orders.of_customer(cursor, conversation.store_id, conversation.customer_key)
    return any(order.status in _AWAITS_PAYMENT for order in own)


def request(situation: Situation) -> Verdict:
    """Hands over requests for an agent, matters that only an agent settles, and angry, urgent customers."""
    rules, angry = situation.found("handover"), situation.angry_words
    is_heated = angry > 0 and _is_heated(situation, angry)
    if rules:
        key = f"handover.{Reason.ANGER if is_heated else rules[0].intent}"
        key = key if key in texts(situation.language) else "handover.asked"
        return _verdict(situation, "handover", rules[0].intent, key, rules=[rule.rule_id for rule in rules])
    if is_heated:
        return _verdict(situation, "handover", Reason.ANGER, "handover.anger", angry_words=angry)
    complaint = max(map(_complaint, situation.of_each_request()), default=0.0)
    if complaint >= SURE:
        return _verdict(situation, "handover", Reason.COMPLAINT, "handover.anger", complaint=round(complaint, 2))
    return passed("handover", Reason.NOT_ASKED, angry_words=angry)


def _complaint(situation: Situation) -> float:
    """The probability that a request complains, by the model of speech acts. It surely does if it asks nothing and is
    little more than words of anger, or may complain and has such words or names a defect."""
    act, request = situation.act, situation.request
    if act is None:
        return 0.0
    is_angry, names_defect = bool(situation.angry_words), bool(complaints() & set(request.words))
    is_mere_anger = is_angry and len(request.content) <= _SHORT
    if not request.asks and (is_mere_anger or (act.may_complain and (is_angry or names_defect))):
        return 1.0
    return 0.0 if situation.found("facts") else act.distribution["complaint"]


def _is_heated(situation: Situation, angry: int) -> bool:
    if situation.labels:
        return situation.urgency_is_high
    return angry >= 2 or "!" in situation.conversation.text


def fallback(situation: Situation) -> Verdict:
    """Hands over what no other step answered. From the second time in an episode the reason differs."""
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        fallbacks = episode.current(cursor, situation.conversation.conversation_id).fallbacks + 1
    reason = Reason.TWO_FALLBACKS if fallbacks >= _FALLBACKS_UNTIL_HANDOVER else Reason.NO_ANSWER
    step = Step("fallback", "handed_over", reason, {"fallbacks": fallbacks})
    return Verdict(step, (Reply("fallback", text(situation, "knowledge.no_answer"), False),), reason)


def text(situation: Situation, key: str) -> str:
    """The text with this key, and outside opening hours when the team is back."""
    message, language, shop, now = say(key, situation.language), situation.language, situation.shop, situation.now
    if shop.is_open(now):
        return f"{message} {say('team.soon', language)}" if key.startswith("handover.") else message
    opening = shop.next_opening(now)
    if opening is None:
        return f"{message} {say('team.back_later', language)}"
    when = times.back_at(opening, now, shop.zone, language)
    return f"{message} {say('team.back_at', language, when=when)}"


def _verdict(situation: Situation, name: StepName, reason: Reason | Intent, key: str, **details: object) -> Verdict:
    step = Step(name, "handed_over", reason, details)
    return Verdict(step, (Reply("handover", text(situation, key)),), reason)
