"""Reasons for a decision's steps, for handovers, and for replies that were not sent.

A step decided by a rule has the rule's intent as its reason, a failed step the type of the error.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

Intent = NewType("Intent", str)
"""The name of a shop's rule."""
ErrorKind = NewType("ErrorKind", str)
"""The exception type with which a step failed."""


class Reason(StrEnum):
    LABELLED = "labelled"
    NO_CLASSIFIER = "no_classifier"
    # The states of a conversation.
    BOT = "bot"
    CLOSED = "closed"
    WAITING = "waiting"
    AGENT = "agent"
    AFTER_HOURS = "after_hours"
    # The message.
    NOT_ASKED = "not_asked"
    NONE = "none"
    GIVEN = "given"
    NO_WORDS = "no_words"
    WORDS = "words"
    UNREADABLE = "unreadable"
    STICKER = "sticker"
    VOICE_NOTE = "voice_note"
    PROOF_OF_PAYMENT = "proof_of_payment"
    PICTURE = "picture"
    FILE = "file"
    LOCATION = "location"
    ANGER = "anger"
    # Surveys.
    SURVEY_STARTED = "survey_started"
    SURVEY_ANSWERED = "survey_answered"
    SURVEY_SKIPPED = "survey_skipped"
    SURVEY_REPEATED = "survey_repeated"
    SURVEY_DECLINED = "survey_declined"
    SURVEY_STOPPED = "survey_stopped"
    SURVEY_FINISHED = "survey_finished"
    SURVEY_PAUSED = "survey_paused"
    SURVEY_REMINDED = "survey_reminded"
    # Rules.
    NOT_COVERED = "not_covered"
    NO_ANSWER_WRITTEN = "no_answer_written"
    # The customer's orders.
    COMPLAINT = "complaint"
    NOT_VERIFIED = "not_verified"
    NOT_OWN = "not_own"
    NO_ORDERS = "no_orders"
    NAMED_ORDER = "named_order"
    LATEST_ORDERS = "latest_orders"
    # Products.
    PRODUCT = "product"
    SEVERAL_PRODUCTS = "several_products"
    DESCRIPTION = "description"
    ASKED_BACK = "asked_back"
    SMALL_TALK = "small_talk"
    # The language model.
    WORDED = "worded"
    MODEL_FOUND_NONE = "model_found_none"
    NOT_USED = "not_used"
    NEEDS_PERSON = "needs_person"
    # Knowledge.
    NOTHING_FITS = "nothing_fits"
    PASSAGE = "passage"
    NO_ANSWER = "no_answer"
    TWO_FALLBACKS = "two_fallbacks"
    # Repetition.
    REPEATED = "repeated"
    TOO_MANY_REPLIES = "too_many_replies"
    # Satisfaction.
    GONE_WELL = "gone_well"
    NOTHING_SAID = "nothing_said"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    IN_DOUBT = "in_doubt"
    DOUBT_IS_LEFT = "doubt_is_left"
    SETTLED = "settled"
    # The bot itself.
    BOT_OFF = "bot_off"
    BOT_FAILED = "bot_failed"
    NOT_DELIVERED = "not_delivered"
    # The agent.
    AGENT_SILENT = "agent_silent"
    AGENT_AWAY = "agent_away"


class Undelivered(StrEnum):
    """Why a reply was not sent, if not for a carrier's error code."""

    TAKEN_OVER = "taken_over"
    CANCELLED = "cancelled"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"
    WINDOW_CLOSED = "window_closed"
    NOT_DELIVERED = "not_delivered"
    BAD_ADDRESS = "bad_address"
    PRIVATE_ADDRESS = "private_address"
