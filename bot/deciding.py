"""What the bot does about a conversation: steps in their order, each of which answers, hands over or passes on."""

from __future__ import annotations

from bot.conversation import Conversation, Decision, Reply, Step
from bot.tools import Tools


def decide(conversation: Conversation, tools: Tools) -> Decision:
    """Asks the database and models through `tools`; writes nothing. See `bot/README.md` for the order."""
    language = conversation.language or "id"
    if conversation.state in ("waiting", "agent"):
        return Decision(language, (Step("guard", "silent", conversation.state),))
    text = "Saya tanyakan dulu ke rekan saya ya, kak." if language == "id" else "I will ask a colleague."
    return Decision(
        language, (Step("fallback", "handed_over", "no_answer"),), (Reply("fallback", text, False),), "no_answer"
    )
