"""What the bot would say, for the pages that show it."""

from __future__ import annotations

from bot.preview import Preview, preview
from bot.shop.instructions import Instructions
from warehouse.settings import SettingsMissing
from webhook.inbox.settings.pages import desk
from webhook.services import services


def previewed(text: str, instructions: Instructions | None = None) -> Preview | None:
    """What the bot of the page's shop would say; None where the web app does not have the password of role `bot`."""
    with desk() as at:
        store_id = at.store_id
    try:
        return preview(text, store_id, services().bot.current(), instructions)
    except SettingsMissing:
        return None
