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

# Each of these registers its pages on the blueprint above.
from webhook.inbox import access, conversations, errors, shared_words, sign_in  # noqa: E402, F401
