"""Words that hand an urgent message over to an agent at once."""

from __future__ import annotations

from typing import Any

from flask import Response
from wtforms import Form, ValidationError

from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import Lines, edit

MOST_WORDS = 500
LONGEST_WORD = 60


class WordsForm(Form):
    words = Lines(most=MOST_WORDS * (LONGEST_WORD + 1), fold=str.lower)

    def validate_words(self, words: Any) -> None:
        if len(words.data) > MOST_WORDS:
            raise ValidationError(_("At most {most} words.", most=MOST_WORDS))
        for word in words.data:
            if len(word) > LONGEST_WORD:
                raise ValidationError(
                    _("“{word}” is longer than {most} characters.", word=word[:LONGEST_WORD], most=LONGEST_WORD)
                )


@blueprint.route("/settings/anger", methods=["GET", "POST"])
@requires("admin")
def settings_anger() -> Response:
    return edit(
        "anger",
        WordsForm,
        lambda shop, data: shop.execute("anger_save", **data),
        read=lambda shop: {"words": [row.word for row in shop.rows("anger")]},
    )
