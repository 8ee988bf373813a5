"""What the bot does on its own."""

from __future__ import annotations

from flask import Response
from flask_login import current_user
from wtforms import BooleanField, Form

from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import Number, edit, in_range


class BotForm(Form):
    is_bot_on = BooleanField()
    pause_seconds = Number(in_range(0, 3))
    asks_for_ratings = BooleanField()
    is_handed_over_in_doubt = BooleanField()


@blueprint.route("/settings/bot", methods=["GET", "POST"])
@requires("admin")
def settings_bot() -> Response:
    return edit(
        "bot",
        BotForm,
        lambda shop, data: shop.execute("bot_save", user_id=current_user.user_id, **data),
        read=lambda shop: shop.row("bot"),
    )
