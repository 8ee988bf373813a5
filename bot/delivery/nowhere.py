"""The carrier of test conversations: replies stay in Kabar, for the admin who writes as a customer."""

from __future__ import annotations

from bot.delivery.carriers import Outcome, Outgoing, Sent


class Nowhere:
    """Accepts every reply at once and sends nothing. The id of the message is the reply's."""

    def send(self, outgoing: Outgoing) -> Outcome:
        return Sent(outgoing.reply_id, {})

    def find(self, outgoing: Outgoing, message_id: str | None, known: frozenset[str]) -> Sent | None:
        return None
