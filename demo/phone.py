"""`python -m demo.phone`: Twilio's stand-in beside `make up`, with a page on which one writes as a customer.

The web app gets each message as a signed webhook, and the bot and agents answer through the stand-in's API. `make up`
starts it after `make demo`, unless an account is configured. Messages of the last two days are read from the database,
so that customers can still be answered after a restart.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from demo import twilio_server
from demo.customers import customers
from demo.delivery import Delivery, NotTaken, Receiver, deliver
from demo.senders import ACCOUNT_SID
from demo.shapes import inbound_form, record
from demo.shop import SEED
from demo.twilio import TwilioStandIn
from warehouse.connection import connect, read_sql
from warehouse.i18n import N_, Language, languages, supported, translate
from warehouse.settings import LOOPBACK, Settings, get_settings
from webhook.inbox.conversations.explanations import delivery

SQL = Path(__file__).parent / "sql"
MOST_CUSTOMERS = 12
LONGEST_TEXT = 1600
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)


class NotTheDemos(RuntimeError):
    """The settings name another account than the demo's, or no address on this machine."""


class Handler(twilio_server.Handler):
    """Answers on `/` and `/messages` with pages, elsewhere as Twilio."""

    stand_in: Phone

    def respond(self) -> None:
        parts = urlsplit(self.path)
        if parts.path not in ("/", "/messages"):
            super().respond()
            return
        form = dict(parse_qsl(self.body().decode())) if self.command == "POST" else {}
        if not self._is_own():
            self.write(HTTPStatus.FORBIDDEN, "text/plain", b"Only pages of this address may write here.")
        elif self.command == "POST":
            self._take(form)
        else:
            query = dict(parse_qsl(parts.query))
            name = "phone_messages.html" if parts.path == "/messages" else "phone.html"
            self._show(name, query.get("number", self.stand_in.numbers[0]))

    def _is_own(self) -> bool:
        """Whether no page of another site asks."""
        host = self.headers.get("Host", "")
        return urlsplit(f"//{host}").hostname in LOOPBACK and self.headers.get("Origin") in (None, f"http://{host}")

    def _language(self) -> Language:
        """The browser's."""
        accepted = parse_accept_header(self.headers.get("Accept-Language"), LanguageAccept)
        return supported(accepted.best_match(languages()))

    def _take(self, form: Mapping[str, str]) -> None:
        number, text = form.get("number", "").strip(), form.get("text", "").strip()[:LONGEST_TEXT]
        if not _NUMBER.fullmatch(number) or not text:
            fault = N_("Enter a phone number such as +6281234567890, and a message.")
            self._show("phone.html", number, fault, HTTPStatus.BAD_REQUEST)
            return
        try:
            self.stand_in.write(number, text)
        except (NotTaken, OSError):
            fault = N_("The web app did not take the message. Is it running?")
            self._show("phone.html", number, fault, HTTPStatus.BAD_GATEWAY)
            return
        self.write(HTTPStatus.SEE_OTHER, "text/plain", b"", {"Location": f"/?{urlencode({'number': number})}"})

    def _show(self, name: str, number: str, fault: str = "", status: int = HTTPStatus.OK) -> None:
        language = self._language()
        values = {
            "_": partial(translate, language), "language": language, "delivery": delivery, "number": number,
            "fault": fault and translate(language, fault), "names": self.stand_in.names,
        }  # fmt: skip
        shown = _templates.get_template(name).render(values, messages=self.stand_in.messages(number))
        headers = {"Cache-Control": "no-store", "X-Frame-Options": "DENY"}
        self.write(status, "text/html; charset=utf-8", shown.encode(), headers)


@dataclass
class Phone(TwilioStandIn):
    """The stand-in with its page at `/`. `receiver`: the web app."""

    handler = Handler
    receiver: Receiver | None = None

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of some customers of the made-up shop by their numbers. They have conversations and orders."""
        known = (each for each in customers(SEED) if each.phone and each.channel == "whatsapp")
        return {each.phone: each.name for each, _ in zip(known, range(MOST_CUSTOMERS), strict=False) if each.phone}

    @property
    def numbers(self) -> list[str]:
        return list(self.names)

    def messages(self, number: str) -> list[dict[str, Any]]:
        """The messages from and to a number, in order."""
        with self._lock:
            known = list(self._records.values())
        return [each for each in known if f"whatsapp:{number}" in (each["from"], each["to"])]

    def write(self, number: str, text: str) -> None:
        """A customer's message: kept as Twilio keeps it, and delivered. Raises NotTaken and OSError."""
        assert self.receiver is not None
        sid = f"SM{uuid4().hex}"
        kept = record(sid, self.account_sid, f"whatsapp:{number}", text, datetime.now(UTC), inbound=True)
        self.put([kept])
        form = inbound_form(kept, self.names.get(number, "Customer"))
        deliver([Delivery("/webhooks/twilio/messages", form)], self.receiver)


def make(settings: Settings) -> Phone:
    """The stand-in for a deployment's settings, with the messages of the last two days. Raises NotTheDemos."""
    address = urlsplit(settings.twilio_api_base or "")
    if settings.twilio_account_sid != ACCOUNT_SID or address.hostname not in LOOPBACK or not address.port:
        raise NotTheDemos("this is not the demo's account: nothing that it sends may end here")
    assert settings.twilio_auth_token is not None
    token = settings.twilio_auth_token.get_secret_value()
    web_app = f"http://127.0.0.1:{settings.web_port}"
    phone = Phone(ACCOUNT_SID, token, receiver=Receiver(web_app, settings.public_url or web_app, token, ""))
    phone.port = address.port
    phone.put(_recent(settings))
    return phone


def _recent(settings: Settings) -> list[dict[str, Any]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "recent_messages.sql"), {"account_sid": ACCOUNT_SID})
        return [
            kept or record(sid, ACCOUNT_SID, form["From"], form.get("Body", ""), at, inbound=True, shop=form["To"])
            for sid, at, kept, form in cursor.fetchall()
        ]


def main() -> int:
    try:
        phone = make(get_settings())
    except NotTheDemos as error:
        print(f"phone: {error}", file=sys.stderr)
        return 2
    assert phone.receiver is not None
    with phone, suppress(KeyboardInterrupt):
        phone.call_back(phone.receiver)
        print(f"Write as a customer: {phone.url}", flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
