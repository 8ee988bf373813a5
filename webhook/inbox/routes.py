"""Every view of the inbox: importing a module adds its routes to the blueprint."""

from __future__ import annotations

from webhook.accounts import access
from webhook.inbox import blueprint, errors
from webhook.inbox.connections import sending
from webhook.inbox.conversations import (
    actions,
    as_customer,
    card,
    listing,
    live,
    media,
    notes,
    snoozing,
    summaries,
    tagging,
    thread,
)
from webhook.inbox.knowledge import documents
from webhook.inbox.settings import (
    bot,
    channels,
    connections,
    costs,
    dimensions,
    escalation_words,
    holidays,
    hours,
    people,
    review_apps,
    reviews,
    rules,
    set_aside,
    survey_invitations,
    survey_items,
    surveys,
    targets,
    texts,
    topics,
    voice,
)

access.guard(blueprint)
errors.register(blueprint)

__all__ = ["blueprint"]
