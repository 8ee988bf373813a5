"""Invites customers on WhatsApp to a survey. The bot asks it in the chat; their own link leads to the same answers."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, request
from flask_login import current_user
from wtforms import Form

from bot.deciding import invitation
from bot.delivery import replies
from warehouse.i18n import N_, language_names
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.inbox.errors import Refusal
from webhook.inbox.settings.forms import Number, in_range
from webhook.inbox.settings.pages import Row, ShopTransaction, go_to, page, shop_transaction
from webhook.inbox.settings.surveys import find
from webhook.services import services
from webhook.surveys import links

MOST_AT_ONCE = 500
_DAYS = 30


class DaysForm(Form):
    days = Number(in_range(1, 365))


@blueprint.get("/settings/surveys/invite/<path:wave>")
@requires("admin")
def show_survey_invitations(wave: str) -> Response:
    """Who can be invited, and why others cannot: of those who wrote in the last `?days=`."""
    form = DaysForm(request.args) if "days" in request.args else DaysForm(data={"days": _DAYS})
    is_valid = form.validate()
    with shop_transaction() as shop:
        found = find(shop, wave)
        customers = _customers(shop, wave, form.days.data) if is_valid else []
        undelivered = shop.rows("survey_undelivered", name=wave)
        is_bot_on = shop.row("bot")["is_bot_on"]
    ways = Counter(_way(customer) for customer in customers)
    missing = {language_names()[customer.language] for customer in customers if _way(customer) is None}
    return page(
        "surveys",
        200 if is_valid else 422,
        template="surveys_invite",
        form=form,
        wave=found,
        ways=ways,
        missing=sorted(missing),
        most=MOST_AT_ONCE,
        undelivered=undelivered,
        is_bot_on=is_bot_on,
    )


@blueprint.post("/settings/surveys/invite/<path:wave>")
@requires("admin")
def invite_to_survey(wave: str) -> Response:
    """Invite those who can be, at most 500 at once. Sent twice, the form invites nobody twice."""
    form = DaysForm(request.form)
    if not form.validate():
        return go_to("show_survey_invitations", wave=wave, days=request.form.get("days", "").replace("\0", ""))
    with shop_transaction() as shop:
        found = find(shop, wave)
        if found.state != "open":
            raise Refusal(409, "survey_not_open", N_("Open the survey before you invite customers."))
        if not shop.row("bot")["is_bot_on"]:
            raise Refusal(409, "bot_off", N_("The bot is switched off, so it cannot ask anybody."))
        shop.execute("lock", subject="survey invitations")
        invited = [each for each in _customers(shop, wave, form.days.data) if _way(each)][:MOST_AT_ONCE]
        for customer in invited:
            _invite(shop, found, customer)
    return go_to("show_survey_invitations", wave=wave, days=f"{form.days.data:g}", invited=len(invited))


def _customers(shop: ShopTransaction, wave: str, days: float) -> list[Row]:
    return shop.rows("survey_invitable", name=wave, since=datetime.now(UTC) - timedelta(days))


def _way(customer: Row) -> str | None:
    """How a customer can be invited: by a `text`, by a `template`, or not."""
    return "text" if customer.is_window_open else "template" if customer.content_sid else None


def _invite(shop: ShopTransaction, wave: Row, customer: Row) -> None:
    respondent = str(uuid.uuid4())
    if _way(customer) == "text":
        reply: dict[str, Any] = {"kind": "survey", "body": _text(shop, wave, customer.language, respondent)}
    else:
        reply = {"kind": "survey", "content_sid": customer.content_sid}
    values = {
        "wave": wave.wave,
        "customer_key": customer.customer_key,
        "conversation_id": customer.conversation_id,
        "respondent": respondent,
        "reply_id": replies.write(shop.cursor, customer.conversation_id, reply),
        "user_id": current_user.user_id,
    }
    shop.execute("survey_invite", **values)
    replies.queue_sending(shop.cursor, customer.conversation_id)


def _text(shop: ShopTransaction, wave: Row, language: str, respondent: str) -> str:
    """With the customer's own link if the deployment has a public address."""
    title = wave.title_id if language == "id" else wave.title_en
    link = links.Link(shop.store_id, wave.wave, respondent)
    return invitation.worded(
        language, title, wave.items, links.address(link) if services().settings.public_url else None
    )
