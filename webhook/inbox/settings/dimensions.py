"""Service dimensions: which words of reviews speak of which dimension of service quality."""

from __future__ import annotations

from typing import Any

from flask import Response
from wtforms import Form, ValidationError

from ml.sentiment import dimensions
from ml.sentiment.dimensions import DIMENSIONS, stem_of
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.inbox import blueprint
from webhook.inbox.settings.forms import Lines, edit
from webhook.inbox.settings.pages import ShopTransaction

MOST_WORDS = 500
LONGEST_WORD = 80


class DimensionsForm(Form):
    """A list of words for each dimension. A word, in whatever form, belongs to one dimension only."""

    efficiency, fulfilment, compensation, reliability, responsiveness = (
        Lines(most=MOST_WORDS * (LONGEST_WORD + 1), fold=str.lower) for _dimension in DIMENSIONS
    )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        taken: dict[str, str] = {}
        for name in DIMENSIONS:
            try:
                for word in self[name].data:
                    taken[_stem(word, taken)] = word
            except ValidationError as error:
                self[name].errors = [str(error)]
                is_valid = False
        return is_valid


@blueprint.route("/settings/dimensions", methods=["GET", "POST"])
@requires("admin")
def settings_dimensions() -> Response:
    return edit("dimensions", DimensionsForm, _write, read=_read)


def _stem(word: str, taken: dict[str, str]) -> str:
    """How the word is found. Raises ValidationError if it is too long, none that can be found, or there already."""
    if len(word) > LONGEST_WORD:
        raise ValidationError(
            _("“{word}” is longer than {most} characters.", word=word[:LONGEST_WORD], most=LONGEST_WORD)
        )
    stem = stem_of(word)
    if not stem:
        raise ValidationError(
            _("“{word}” can't be searched for. Enter one or two words that mean something.", word=word)
        )
    if stem in taken:
        raise ValidationError(
            _("“{word}” is the same as “{other}”, which is already here.", word=word, other=taken[stem])
        )
    return stem


def _read(shop: ShopTransaction) -> dict[str, Any]:
    """The words of each dimension; those that every shop starts with if the shop has none."""
    rows = shop.rows("dimensions") or dimensions.defaults()
    return {name: sorted(row.term for row in rows if row.dimension == name) for name in DIMENSIONS}


def _write(shop: ShopTransaction, data: dict[str, Any]) -> None:
    words = [(word, stem_of(word), name) for name in DIMENSIONS for word in data[name]]
    terms, stems, names = (list(column) for column in zip(*words, strict=True)) if words else ([], [], [])
    shop.execute("dimensions_save", terms=terms, stems=stems, dimensions=names)
