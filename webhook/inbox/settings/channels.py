"""Channels whose replies Kabar posts to an address of the shop's chatbot; and the words of anger."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request

from bot.delivery import public_http
from warehouse.i18n import N_
from warehouse.settings import Settings
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.settings.pages import (
    Desk,
    Errors,
    Row,
    desk,
    fingerprint,
    go_to,
    lines,
    page,
    required,
    save,
    typed,
    wrong,
)
from webhook.services import services

MOST_WORDS = 500
LONGEST_WORD = 60
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_FAULTS = {
    "url": N_("Enter a full address, such as https://chat.example.com/replies."),
    "https": N_("The address must start with https://."),
    "unknown": N_("This host name can't be found."),
    "private": N_("This address is in a private network. Use a public address."),
}
_TWILIOS = ("whatsapp", "sms")


@blueprint.get("/settings/channels")
@requires("admin")
def settings_channels() -> Response:
    return _channels()


@blueprint.post("/settings/channels")
@requires("admin")
def add_channel() -> Response:
    given = {"channel": typed("channel", 40).lower(), "url": typed("url", 500)}
    errors = required(given) or _channel_error(given["channel"]) or _url_error(given["url"], services().settings)
    if not errors:
        with desk() as at:
            is_new = at.change("channels_add", **given)
        errors = {} if is_new else wrong("channel", N_("This channel already has an address. Remove it first."))
    if errors:
        return _channels(422, given=given, errors=errors)
    return go_to("settings_channels", saved=1)


@blueprint.post("/settings/channels/<channel>/remove")
@requires("admin")
def remove_channel(channel: str) -> Response:
    with desk() as at:
        at.change("channels_remove", channel=channel)
    return go_to("settings_channels", saved=1)


@blueprint.get("/settings/anger")
@requires("admin")
def settings_anger() -> Response:
    with desk() as at:
        rows = _read_words(at)
    return page("anger", text="\n".join(word for (word,) in rows), seen=fingerprint(rows))


@blueprint.post("/settings/anger")
@requires("admin")
def save_anger() -> Response:
    text = typed("words", MOST_WORDS * (LONGEST_WORD + 1)).lower()
    words = lines(text)
    errors = _word_errors(words)
    if errors:
        return page("anger", 422, text=text, seen=request.form.get("seen"), errors=errors)
    if there := save("anger", _read_words, lambda at: at.change("anger_save", words=words)):
        return page("anger", 409, text=text, seen=there, is_changed=True)
    return go_to("settings_anger", saved=1)


def _channels(status: int = 200, **values: Any) -> Response:
    with desk() as at:
        rows = at.rows("channels")
    return page("channels", status, channels=rows, **{"given": {}, **values})


def _channel_error(channel: str) -> Errors:
    if channel in _TWILIOS:
        return wrong("channel", N_("Replies on this channel are sent through Twilio and need no address."))
    return (
        {}
        if _CHANNEL.fullmatch(channel)
        else wrong("channel", N_("Use lower-case letters, digits, - and _; at most 32 characters."))
    )


def _url_error(url: str, settings: Settings) -> Errors:
    """Refuses addresses that `bot` would not post to: nobody shall have Kabar ask what only its own network reaches."""
    fault = public_http.fault_of(url, settings)
    return wrong("url", _FAULTS[fault]) if fault else {}


def _word_errors(words: list[str]) -> Errors:
    if len(words) > MOST_WORDS:
        return wrong("words", N_("At most {most} words."), most=MOST_WORDS)
    long = [word for word in words if len(word) > LONGEST_WORD]
    return (
        wrong("words", N_("“{word}” is longer than {most} characters."), word=long[0][:LONGEST_WORD], most=LONGEST_WORD)
        if long
        else {}
    )


def _read_words(at: Desk) -> list[Row]:
    return at.rows("anger")
