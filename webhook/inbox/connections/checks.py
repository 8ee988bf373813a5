"""Checks of connections that an admin starts. None of them writes to a customer or changes a shop."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import NamedTuple

import requests
from flask_login import current_user
from twilio.base.exceptions import TwilioException, TwilioRestException

from expectations import notifiers
from ml.language_model import LanguageModelUnavailable
from sources.twilio_client import BaseUrlHttpClient, twilio_client
from sources.woocommerce import ShopRefused, shops
from webhook.i18n import gettext as _
from webhook.inbox.connections.parts import Facts
from webhook.services import services

SECONDS = 8.0


class Result(NamedTuple):
    """The result of a check, as a sentence."""

    is_good: bool
    sentence: str


def run(name: str, known: Facts) -> Result:
    """Check a part that can be tested (`parts.Part.can_test`). Takes seconds at most."""
    return _CHECKS[name](known)


def _whatsapp(known: Facts) -> Result:
    """Read the newest message of the account."""
    client = twilio_client(known.settings, BaseUrlHttpClient(known.settings.twilio_api_base, SECONDS))
    try:
        client.api.v2010.fetch(
            method="GET", uri=f"/Accounts/{client.account_sid}/Messages.json", params={"PageSize": 1},
            headers={"Accept": "application/json"},
        )  # fmt: skip
    except TwilioRestException as error:
        if error.status == 401:
            return Result(False, _("Twilio refused the account or token."))
        return Result(False, _("Twilio answered with an error (HTTP {status}).", status=error.status))
    except (requests.RequestException, TwilioException, ValueError):
        return Result(False, _("Twilio could not be reached."))
    return Result(True, _("Twilio accepts the account and token."))


def _shop(known: Facts) -> Result:
    """Read the shop's public index. The web app may not read the keys, so only a sync tells whether they work."""
    try:
        has_api = shops.has_api(known.row.shop_url, SECONDS)
    except ShopRefused:
        return Result(False, _("The shop could not be reached at {address}.", address=known.row.shop_url))
    if not has_api:
        return Result(False, _("WooCommerce is not active at {address}.", address=known.row.shop_url))
    return Result(True, _("The shop answers at {address}. The last sync shows whether its keys work.",
                          address=known.row.shop_url))  # fmt: skip


def _model(known: Facts) -> Result:
    model = services().language_model
    assert model
    try:
        model.complete("test", "Answer with one word.", "Say hello.", known.store_id, max_tokens=10)
    except LanguageModelUnavailable as error:
        return Result(False, _("The language model gave no answer ({reason}).", reason=error.reason))
    return Result(True, _("The language model answers."))


def _mail(known: Facts) -> Result:
    message = EmailMessage()
    message["Subject"] = _("Test e-mail from Kabar")
    message["From"] = known.settings.mail_sender
    message["To"] = current_user.email
    message.set_content(_("Kabar can send e-mail."))
    try:
        notifiers.send_mail(message, known.settings)
    except notifiers.NotificationFailed as error:
        return Result(False, _("The e-mail could not be sent ({reason}).", reason=error))
    return Result(True, _("Sent to {email}. Check your inbox.", email=current_user.email))


_CHECKS: dict[str, Callable[[Facts], Result]] = {
    "whatsapp": _whatsapp,
    "shop": _shop,
    "model": _model,
    "mail": _mail,
}
