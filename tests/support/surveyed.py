"""A shop whose customers are invited to a survey in the settings and asked by the bot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from demo.twilio import TwilioStandIn
from tests.support.chat import Chat, chat, new_phone
from tests.support.people import PASSWORD, Person, inbox_settings
from tests.support.surveys import SETTINGS, create, open_wave
from warehouse.connection import transaction
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app

WAVE = "2026-11"
ITEMS = ("EFF1", "EFF2", "FUL1")


class Surveyed:
    """A shop with an open survey of three statements, and its admin."""

    def __init__(self, shop: Chat, admin: Person, link: str) -> None:
        self.shop, self.admin, self.link = shop, admin, link

    def customer(self, hello: str = "halo kak", hours: float = 0) -> str:
        """The number of a customer who wrote some hours ago and was answered."""
        phone = new_phone()
        self.shop.say(phone, hello)
        if hours:
            self.shop.ask(
                "update app.conversations set last_inbound_at = last_inbound_at - make_interval(secs => %s)"
                " where customer_key = %s",
                hours * 3600, self.shop.key(phone),
            )  # fmt: skip
        return phone

    def invite(self, days: int = 30) -> str:
        """Invite everybody who can be; returns the page afterwards."""
        answer = self.admin.post(f"{SETTINGS}/invite/{WAVE}", {"days": str(days)})
        assert answer.status_code == 303
        self.shop.work()
        return self.admin.get(answer.location).text

    def invited(self, hello: str = "halo kak") -> str:
        phone = self.customer(hello)
        self.invite()
        return phone

    def begun(self, hello: str = "halo kak") -> str:
        phone = self.invited(hello)
        assert "1/3" in self.shop.say(phone, "ya").said
        return phone

    def state(self, phone: str) -> str:
        return str(self._ask_invitation("state", phone))

    def answers(self, phone: str) -> list[tuple[Any, ...]]:
        return self.shop.ask(
            "select answers.item, performance, expectation from raw.survey_answers as answers"
            " join raw.survey_respondents using (store_id, wave, respondent) where customer_key = %s order by item",
            self.shop.key(phone),
        )

    def last(self, phone: str) -> dict[str, Any]:
        """What Twilio took last for a customer."""
        return [each for each in self.shop.twilio.sent if each["to"] == f"whatsapp:{phone}"][-1]

    def own_link(self, phone: str) -> str:
        found = re.search(r"https?://\S+?(/surveys/\S+)", self.shop.received(phone))
        assert found
        return found[1]

    def _ask_invitation(self, column: str, phone: str) -> Any:
        statement = f"select {column} from app.survey_invitations where customer_key = %s"
        return self.shop.ask(statement, self.shop.key(phone))[0][0]


@contextmanager
def surveyed(settings: Settings, twilio: TwilioStandIn) -> Iterator[Surveyed]:
    settings = inbox_settings(settings)
    with chat(settings, twilio, ["pengembalian.md", "english.md"]) as shop:
        with transaction("inbox", settings) as opened, opened.cursor() as cursor:
            users.add(cursor, "admin@shop.example", "Sari", "admin", PASSWORD)
        admin = Person(create_app(settings), "admin@shop.example")
        admin.sign_in()
        admin.post("/inbox/language", {"language": "en", "next": "/inbox"})
        create(admin, WAVE)
        shop.ask("delete from app.survey_items where item <> all(%s)", list(ITEMS))
        yield Surveyed(shop, admin, open_wave(admin, WAVE))
