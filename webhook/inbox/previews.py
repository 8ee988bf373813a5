"""Previews of the bot's reply."""

from __future__ import annotations

from bot.preview import Preview, preview
from bot.shop.instructions import Instructions
from warehouse.settings import SettingsMissing
from webhook.inbox.settings.pages import shop_transaction
from webhook.services import services


def previewed(text: str, instructions: Instructions | None = None) -> Preview | None:
    """The reply that the shop's bot would give, or None if the web app lacks the password of the role `bot`."""
    with shop_transaction() as shop:
        store_id = shop.store_id
    try:
        return preview(text, store_id, services().bot.current(), instructions)
    except SettingsMissing:
        return None
