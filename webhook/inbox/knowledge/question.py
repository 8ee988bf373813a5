"""What the bot would say to a question, with the passages that were found and the steps that it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.conversation.types import Conversation, Decision, Message
from bot.deciding.steps import decide
from bot.knowledge.search import Passage, search
from ml.encoder.store import encoder_in_use
from warehouse.settings import SettingsMissing
from webhook.inbox import database
from webhook.inbox.bot_tools import bot_tools
from webhook.services import services

_PREVIEW = "preview"

_log = structlog.get_logger()


@dataclass(frozen=True)
class Said:
    """`decision` is None where the web app may not ask as the bot; `has_encoder`: whether meaning was compared."""

    passages: list[Passage]
    decision: Decision | None
    has_encoder: bool

    @property
    def text(self) -> str:
        """What the customer would read."""
        replies = self.decision.replies if self.decision else ()
        return "\n\n".join(reply.body for reply in replies if reply.body)

    @property
    def has_fitting(self) -> bool:
        return any(passage.fits for passage in self.passages)


def asked(store_id: str, question: str) -> Said:
    """Ask as a customer of whom nothing is known. Nothing is sent, and no conversation begins."""
    encoder = encoder_in_use(services().settings, "inbox")
    with database.transaction() as connection, connection.cursor() as cursor:
        passages = search(cursor, store_id, question, encoder)
    return Said(passages, _decision(store_id, question), encoder is not None)


def _decision(store_id: str, question: str) -> Decision | None:
    message = Message("chatbot", _PREVIEW, "customer", question, datetime.now(UTC))
    conversation = Conversation(0, store_id, _PREVIEW, _PREVIEW, None, "bot", None, (message,))
    try:
        return decide(conversation, bot_tools())
    except SettingsMissing:
        _log.info("no_preview", store_id=store_id)
        return None
