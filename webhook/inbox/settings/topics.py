"""Topics that customers talk about: what the shop calls them, which of them are one, and which are no news."""

from __future__ import annotations

from typing import Any

from flask import Response
from wtforms import BooleanField, Form

from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import Invalid, Text, edit
from webhook.inbox.settings.pages import Row, ShopTransaction, go_to, page, shop_transaction

SHOWN_AT_ONCE = 30


class TopicForm(Form):
    name = Text(most=80)
    merged_into = Text()
    is_muted = BooleanField()


@blueprint.get("/settings/topics")
@requires("admin")
def settings_topics() -> Response:
    with shop_transaction() as shop:
        rows = _topics(shop)
    return page("topics", items=rows, shown=SHOWN_AT_ONCE, names={row.topic_id: row.called for row in rows})


@blueprint.route("/settings/topics/<int:key>", methods=["GET", "POST"])
@requires("admin")
def edit_topic(key: int) -> Response:
    """A topic's name, the topic it is merged into, and whether it is muted."""

    def read(shop: ShopTransaction) -> dict[str, Any] | None:
        row = next((row for row in _topics(shop) if row.topic_id == key), None)
        if row is None:
            return None
        return {"name": row.name, "merged_into": str(row.merged_into or ""), "is_muted": row.is_muted}

    def write(shop: ShopTransaction, data: dict[str, Any]) -> None:
        into = data["merged_into"] or None
        if into and into not in {str(row.topic_id) for row in _others(shop, key)}:
            raise Invalid("merged_into", _("Choose an option from the list."))
        shop.execute("topics_save", **{**data, "topic_id": key, "name": data["name"] or None, "merged_into": into})

    def show(status: int = 200, **values: Any) -> Response:
        with shop_transaction() as shop:
            called = next((row.called for row in _topics(shop) if row.topic_id == key), "")
            options = [
                ("", _("Don't merge")),
                *((str(row.topic_id), row.called) for row in _others(shop, key)),
            ]
        return page("topics", status, template="topics_form", called=called, options=options, **values)

    return edit(
        "topics",
        TopicForm,
        write,
        read=read,
        lock=f"topics {key}",
        show=show,
        done=lambda _: go_to("settings_topics", saved=1),
    )


def _topics(shop: ShopTransaction) -> list[Row]:
    return shop.rows("topics", language=language())


def _others(shop: ShopTransaction, key: int) -> list[Row]:
    """The topics that another may be merged into."""
    return [row for row in _topics(shop) if row.topic_id != key and row.merged_into is None]
