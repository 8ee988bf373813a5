"""Chat channels that Twilio does not serve: reply addresses, and the secret that signs their events."""

from __future__ import annotations

from typing import Any

from flask import Response
from wtforms import Form, ValidationError
from wtforms.validators import NoneOf

from bot.conversation.types import TEST_CHANNEL
from bot.delivery import public_http
from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import lazy_gettext as _l
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import REQUIRED, Invalid, Text, edit, matches
from webhook.inbox.settings.pages import ShopTransaction, go_to, page, shop_transaction
from webhook.senders import events_secrets
from webhook.services import services

_FAULTS = {
    "url": N_("Enter a full address, such as https://chat.example.com/replies."),
    "https": N_("The address must start with https://."),
    "unknown": N_("This host name can't be found."),
    "private": N_("This address is in a private network. Use a public address."),
}


class ChannelForm(Form):
    channel = Text(
        REQUIRED,
        NoneOf(("whatsapp", "sms"), _l("Replies on this channel are sent through Twilio and need no address.")),
        NoneOf((TEST_CHANNEL,), _l("This name is reserved for test conversations.")),
        matches("[a-z0-9][a-z0-9_-]{0,31}", _l("Use lower-case letters, digits, - and _; at most 32 characters.")),
        fold=str.lower,
    )
    url = Text(REQUIRED, most=500)

    def validate_url(self, url: Any) -> None:
        """Refuse addresses that the bot would not post to, so that nobody reaches Kabar's own network through it."""
        if fault := public_http.fault_of(url.data, services().settings):
            raise ValidationError(_(_FAULTS[fault]))


@blueprint.route("/settings/channels", methods=["GET", "POST"])
@requires("admin")
def settings_channels() -> Response:
    return edit("channels", ChannelForm, _add, show=_page)


@blueprint.post("/settings/channels/<channel>/remove")
@requires("admin")
def remove_channel(channel: str) -> Response:
    with shop_transaction() as shop:
        shop.execute("channels_remove", channel=channel)
    return go_to("settings_channels", saved=1)


@blueprint.post("/settings/channels/secret")
@requires("admin")
def rotate_events_secret() -> Response:
    """A new secret for the shop's events, shown once."""
    with shop_transaction() as shop:
        secret = events_secrets.rotate(shop.cursor, shop.store_id, services().settings)
    return _page(form=ChannelForm(), secret=secret)


def _page(**values: Any) -> Response:
    settings = services().settings
    with shop_transaction() as shop:
        rows = shop.rows("channels")
        is_shared = shop.store_id == settings.default_store and settings.events_secret is not None
        rotated = shop.rows("events_secret", is_shared=is_shared)
    return page("channels", channels=rows, rotated=rotated, is_shared=is_shared, **values)


def _add(shop: ShopTransaction, data: dict[str, Any]) -> None:
    if not shop.execute("channels_add", **data):
        raise Invalid("channel", _("This channel already has an address. Remove it first."))
