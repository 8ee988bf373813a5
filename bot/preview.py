"""Previews the bot's reply to a text, without storing or sending anything.

The steps of `bot.deciding` decide as for a first WhatsApp message from a customer without orders. Real replies also
depend on orders, earlier messages and the state of the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.conversation.reasons import Reason
from bot.conversation.types import Conversation, Decision, Message, Step
from bot.deciding import order_questions
from bot.deciding.steps import decide
from bot.shop.instructions import Instructions
from bot.tools import Tools

# Ids that no conversation and no customer has.
_NO_CONVERSATION = 0
_NO_CUSTOMER = ""
# Reasons due to the missing orders.
_WITHOUT_ORDERS = (Reason.NO_ORDERS, Reason.NOT_OWN)


@dataclass(frozen=True)
class Preview:
    decision: Decision

    @property
    def text(self) -> str:
        """The texts of all replies; empty if there is none."""
        return "\n\n".join(reply.body for reply in self.decision.replies if reply.body)

    @property
    def decided_by(self) -> Step:
        """The step that ended the decision."""
        return next(step for step in reversed(self.decision.steps) if step.outcome not in ("passed", "failed"))

    @property
    def depends_on_orders(self) -> bool:
        """Whether a customer with orders might get another reply."""
        return any(step.name == order_questions.NAME and step.reason in _WITHOUT_ORDERS for step in self.decision.steps)


def preview(text: str, store_id: str, tools: Tools, instructions: Instructions | None = None) -> Preview:
    """The decision about a first message with this text. `instructions` replace the shop's."""
    message = Message("twilio", "preview", "customer", text, datetime.now(UTC))
    conversation = Conversation(_NO_CONVERSATION, store_id, "whatsapp", _NO_CUSTOMER, None, "bot", None, (message,))
    return Preview(decide(conversation, tools, instructions))
