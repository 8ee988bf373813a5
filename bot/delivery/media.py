"""Downloads the files that customers send, from Twilio only and within limits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import psycopg2
import requests
import structlog

from bot.conversation import thread
from bot.conversation.types import Media
from bot.delivery import public_http
from warehouse.connection import read_sql
from warehouse.pool import Pool
from warehouse.settings import Settings

SQL = Path(__file__).parent / "sql"
TWILIO_API = "https://api.twilio.com"

MAX_BYTES = 16 * 1024 * 1024
MAX_REDIRECTS = 3
ANSWER_SECONDS = 10.0
MAX_SECONDS = 60.0

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
)
log = structlog.get_logger()


class TryLater(Exception):
    """The file cannot be downloaded now."""


class Refused(Exception):
    """The file will not be stored; the message is the reason."""


class Kept(NamedTuple):
    """A downloaded file; `media_type` is that of its content, not the announced one."""

    media_type: str
    content: bytes


def fetch_media(settings: Settings, connections: Pool, message_sid: str) -> None:
    """Fetch the files of a message that are not there yet. Raises TryLater if one cannot be had now."""
    waiting = _waiting(connections, message_sid)
    later = False
    for file in waiting:
        try:
            kept = fetch(settings, file.url)
        except Refused as refused:
            _settle(connections, message_sid, file, "gone" if str(refused) == "gone" else "refused", str(refused))
        except TryLater:
            later = True
        else:
            _settle(connections, message_sid, file, "kept", None, kept)
    if later:
        raise TryLater


def give_up(connections: Pool, message_sid: str) -> None:
    """The files that are still not there will not come."""
    for file in _waiting(connections, message_sid):
        _settle(connections, message_sid, file, "gone", "not_fetched")


def fetch(settings: Settings, url: str) -> Kept:
    """Download a file. Credentials are sent to Twilio's own host only; redirects must lead to public addresses. Raises
    Refused and TryLater."""
    until = time.monotonic() + MAX_SECONDS
    own = urlsplit(settings.twilio_api_base or TWILIO_API)
    parts = urlsplit(url)
    if parts.hostname not in (own.hostname, urlsplit(TWILIO_API).hostname) or not settings.twilio_auth_token:
        raise Refused("not_from_twilio")
    url = parts._replace(scheme=own.scheme, netloc=own.netloc).geturl()
    account = (str(settings.twilio_account_sid), settings.twilio_auth_token.get_secret_value())
    with public_http.session(settings) as http:
        for hop in range(MAX_REDIRECTS + 1):
            answer = _get(http, url, account if hop == 0 else None)
            if not answer.is_redirect:
                return _read(answer, until)
            answer.close()
            url = _following(url, answer.headers["Location"], own.scheme)
    raise Refused("too_many_redirects")


def _get(http: requests.Session, url: str, account: tuple[str, str] | None) -> requests.Response:
    try:
        return http.get(url, auth=account, timeout=ANSWER_SECONDS, stream=True, allow_redirects=False)
    except requests.RequestException as error:
        if public_http.leads_inside(error):
            raise Refused("private_address") from None
        raise TryLater from error


def _following(url: str, location: str, own_scheme: str) -> str:
    following = urljoin(url, location)
    if urlsplit(following).scheme not in ("https", own_scheme):
        raise Refused("redirected_elsewhere")
    return following


def _read(answer: requests.Response, until: float) -> Kept:
    with answer:
        if answer.status_code in (404, 410):
            raise Refused("gone")
        if answer.status_code == 429 or answer.status_code >= 500:
            raise TryLater
        if answer.status_code != 200:
            raise Refused(f"http_{answer.status_code}")
        content = bytearray()
        try:
            for chunk in answer.iter_content(65536):
                content += chunk
                if len(content) > MAX_BYTES:
                    raise Refused("too_large")
                if time.monotonic() > until:
                    raise TryLater
        except requests.RequestException as error:
            raise TryLater from error
    return Kept(_type(bytes(content[:32])), bytes(content))


def _type(head: bytes) -> str:
    for place, signature, media_type in _SIGNATURES:
        if head[place : place + len(signature)] == signature:
            return media_type
    return "application/octet-stream"


def _waiting(connections: Pool, message_sid: str) -> list[Media]:
    with connections.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "waiting_media.sql"), {"message_sid": message_sid})
        rows = cursor.fetchall()
    files = {file.position: file for file in thread.media(rows[0][1] or {})} if rows else {}
    return [files[position] for position, _ in rows if position in files]


def _settle(
    connections: Pool, message_sid: str, file: Media, state: str, reason: str | None, kept: Kept | None = None
) -> None:
    values = {
        "message_sid": message_sid,
        "position": file.position,
        "state": state,
        "reason": reason,
        "media_type": kept.media_type if kept else file.media_type,
        "content": psycopg2.Binary(kept.content) if kept else None,
    }
    with connections.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "settle_media.sql"), values)
    log.info("media_settled", message=message_sid, position=file.position, state=state, reason=reason)
