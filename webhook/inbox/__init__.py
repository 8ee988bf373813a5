# ruff: noqa: E402, F401
"""The inbox: where the shop's people read conversations, take over, and set what the bot knows and says."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint

blueprint = Blueprint(
    "inbox",
    __name__,
    url_prefix="/inbox",
    static_folder=str(Path(__file__).parent.parent / "static" / "inbox"),
    static_url_path="/static",
)

# Each of these registers its pages or words on the blueprint above.
from webhook.inbox import (
    access,
    actions,
    card,
    conversations,
    decision_words,
    errors,
    knowledge,
    list_words,
    live,
    media,
    settings_bot,
    settings_channels,
    settings_hours,
    settings_people,
    settings_rules,
    settings_targets,
    settings_texts,
    settings_voice,
    shared_words,
    sign_in,
    summaries,
    thread,
    thread_words,
)
