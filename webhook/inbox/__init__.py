"""The inbox: conversations, the bot's knowledge, and settings."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "inbox",
    __name__,
    url_prefix="/inbox",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
