"""Channels whose replies Kabar posts to an address of the shop's chatbot; and the words of anger."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request

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
        errors = {} if is_new else wrong("channel", "s_channels_error_twice")
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


def is_allowed(url: str, settings: Settings) -> str | None:
    """None if replies may be posted to an address, else the key of the words that say why not. It has to be https and
    public, so that nobody has Kabar ask what only Kabar's own network can reach; where Twilio is a stand-in on this
    machine, as in tests and the demo, so may the chatbot be."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "s_channels_error_url"
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.fragment:
        return "s_channels_error_url"
    found = _addresses(host, port or 443)
    if not found:
        return "s_channels_error_unknown"
    if _is_development(settings) and all(each.is_loopback for each in found):
        return None
    if parts.scheme != "https":
        return "s_channels_error_https"
    return None if all(each.is_global for each in found) else "s_channels_error_private"


def _is_development(settings: Settings) -> bool:
    return urlsplit(settings.twilio_api_base or "").hostname in ("localhost", "127.0.0.1", "::1")


def _addresses(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Where a name leads to; nowhere if it is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        told = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    except (OSError, ValueError):
        return []
    return [getattr(each, "ipv4_mapped", None) or each for each in told]


def _channels(status: int = 200, **values: Any) -> Response:
    with desk() as at:
        rows = at.rows("channels")
    return page("channels", status, channels=rows, **{"given": {}, **values})


def _channel_error(channel: str) -> Errors:
    if channel in _TWILIOS:
        return wrong("channel", "s_channels_error_twilio")
    return {} if _CHANNEL.fullmatch(channel) else wrong("channel", "s_channels_error_channel")


def _url_error(url: str, settings: Settings) -> Errors:
    reason = is_allowed(url, settings)
    return wrong("url", reason) if reason else {}


def _word_errors(words: list[str]) -> Errors:
    if len(words) > MOST_WORDS:
        return wrong("words", "s_anger_error_many", most=MOST_WORDS)
    long = [word for word in words if len(word) > LONGEST_WORD]
    return wrong("words", "s_anger_error_long", word=long[0][:LONGEST_WORD], most=LONGEST_WORD) if long else {}


def _read_words(at: Desk) -> list[Row]:
    return at.rows("anger")
