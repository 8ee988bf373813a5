"""Previews the bot's reply to a text: the first turn of a trial conversation, with a customer without orders.

Real replies also depend on orders, earlier messages and the state of the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.reasons import Reason
from bot.conversation.types import Decision, Step
from bot.deciding import order_questions
from bot.shop.instructions import Instructions
from bot.tools import Tools
from bot.trial import Trial

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
        return any(
            (step.name == order_questions.NAME and step.reason in _WITHOUT_ORDERS)
            or "own_orders" in step.details.get("lookups", ())
            for step in self.decision.steps
        )


def preview(text: str, store_id: str, tools: Tools, instructions: Instructions | None = None) -> Preview:
    """The decision about a first message with this text. `instructions` replace the shop's."""
    return Preview(Trial(tools, store_id, instructions=instructions).say([text]).decision)
