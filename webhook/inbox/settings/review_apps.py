"""The apps of a shop whose reviews are fetched from Google Play."""

from __future__ import annotations

from flask import Response, request

from sources.reviews.google_play_client import App, GooglePlayFailed, check
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.inbox import blueprint
from webhook.inbox.settings.pages import go_to, shop_transaction
from webhook.inbox.settings.reviews import show_reviews


@blueprint.post("/settings/reviews/apps")
@requires("admin")
def add_review_app() -> Response:
    app = App(request.form.get("app_id", "").strip(), request.form.get("language", "").strip().lower())
    try:
        check(app)
    except GooglePlayFailed:
        problem = _(
            "Enter the app's id as in its address on Google Play, such as com.example.shop, and a language such as id."
        )
        return show_reviews(422, problem=problem, app_form=app)
    with shop_transaction() as shop:
        shop.execute("review_apps_add", app_id=app.app_id, language=app.language)
    return go_to("settings_reviews", saved=1)


@blueprint.post("/settings/reviews/apps/remove")
@requires("admin")
def remove_review_app() -> Response:
    # No app that was added has such characters, and Postgres refuses some of them.
    values = {name: request.form.get(name, "") for name in ("app_id", "language")}
    if all(value.isprintable() for value in values.values()):
        with shop_transaction() as shop:
            shop.execute("review_apps_remove", **values)
    return go_to("settings_reviews", saved=1)
