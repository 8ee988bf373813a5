"""Every view of the inbox: importing a module adds its routes to the blueprint."""

from __future__ import annotations

from webhook.accounts import access
from webhook.inbox import blueprint, decision_words, errors, knowledge_words, list_words, shared_words, thread_words
from webhook.inbox.conversations import actions, card, listing, live, media, summaries, thread
from webhook.inbox.knowledge import documents
from webhook.inbox.settings import bot, channels, hours, people, rules, targets, texts, voice

MODULES = (
    *(actions, card, listing, live, media, summaries, thread),
    documents,
    *(bot, channels, hours, people, rules, targets, texts, voice),
    *(decision_words, knowledge_words, list_words, shared_words, thread_words),
)

access.guard(blueprint)
errors.register(blueprint)

__all__ = ["MODULES", "blueprint"]
