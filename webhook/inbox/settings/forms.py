"""Fields and validators of the settings forms, and how a form is saved."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from flask import Response, abort, request
from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired, NumberRange, Regexp

from webhook.i18n import gettext as _
from webhook.i18n import lazy_gettext as _l
from webhook.inbox.settings.pages import ShopTransaction, fingerprint, go_to, page, shop_transaction

REQUIRED = DataRequired(_l("This field is required."))


class Text(StringField):
    """Text of at most `most` characters, without surrounding space and without NUL, which Postgres refuses. `fold`
    changes what is stored, not what is shown again beside an error."""

    def __init__(self, *validators: Any, most: int = 200, fold: Callable[[str], str] = str, **options: Any) -> None:
        super().__init__(validators=validators, **options)
        self.most = most
        self.fold = fold

    def process_data(self, value: Any) -> None:
        self.data = value
        self.text = "" if value is None else self.format(value)

    def process_formdata(self, values: list[str]) -> None:
        self.text = "".join(values[:1]).replace("\0", "").replace("\r\n", "\n").strip()
        self.data = self.parse(self.fold(self.text))
        if len(self.text) > self.most:
            raise ValueError(_("At most {most} characters.", most=self.most))

    def parse(self, text: str) -> Any:
        """The value of what was typed. Raises ValueError with a message in the reader's language."""
        return text

    def format(self, value: Any) -> str:
        """A stored value as the field shows it."""
        return str(value)

    def _value(self) -> str:
        return self.text


class Lines(Text):
    """A list of texts, one per line, without empty lines and repetitions."""

    def parse(self, text: str) -> list[str]:
        return list(dict.fromkeys(line for each in text.splitlines() if (line := " ".join(each.split()))))

    def format(self, value: list[str]) -> str:
        return "\n".join(value)


class Number(Text):
    """A float with a decimal comma or point; None if the field is empty, NaN if it holds no number."""

    def parse(self, text: str) -> float | None:
        try:
            return float(text.replace(",", ".")) if text else None
        except ValueError:
            return math.nan

    def format(self, value: float) -> str:
        return f"{value:.12g}"


class Day(Text):
    """A date of this century."""

    def parse(self, text: str) -> date:
        if (day := date_in(text)) is None:
            raise ValueError(_("Enter a date, such as 2026-12-25."))
        return day


def date_in(text: str) -> date | None:
    """The date of this century that a text such as 2026-12-25 is."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def matches(pattern: str, message: object) -> Regexp:
    """The whole text has to match."""
    return Regexp(pattern, message=message, matcher=re.fullmatch)


def one_of(*values: str) -> AnyOf:
    return AnyOf(values, _l("Choose an option from the list."))


def in_range(least: float, most: float) -> NumberRange:
    sentence = _l("Enter a number from {least} to {most}.", least=f"{least:.12g}", most=f"{most:.12g}")
    return NumberRange(least, most, sentence)


class Invalid(Exception):
    """A value that turns out to be wrong while it is saved: the field's name, and the message in the reader's
    language."""

    def __init__(self, field: str, message: object) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


def edit(
    subject: str,
    form_class: Callable[..., Any],
    write: Callable[[ShopTransaction, dict[str, Any]], Any],
    *,
    read: Callable[[ShopTransaction], dict[str, Any] | None] | None = None,
    lock: str | None = None,
    show: Callable[..., Response] | None = None,
    done: Callable[[Any], Response] | None = None,
) -> Response:
    """The page of a form (GET), filled with what `read` returns, and saving it by `write` (POST).

    After saving, the page is opened anew (303), or `done` gets what `write` returned. Otherwise `show` shows the form
    as it was filled in: 422 if a field is invalid, also by `write` raising Invalid; 409 if what `read` returns was
    changed by someone else meanwhile. Raises NotFound if `read` returns None.
    """
    show = show or partial(page, subject)
    if request.method != "POST":
        with shop_transaction() as shop:
            current = read(shop) if read else {}
        if current is None:
            abort(404)
        return show(form=form_class(data=current), seen=fingerprint(current), current=current)
    form = form_class(request.form)
    if form.validate():
        try:
            with shop_transaction() as shop:
                newer = newer_state(shop, lock or subject, read) if read else None
                result = None if newer else write(shop, form.data)
        except Invalid as invalid:
            form[invalid.field].errors = [invalid.message]
        else:
            if newer:
                return show(status=409, form=form, seen=newer, is_changed=True)
            return done(result) if done else go_to(f"settings_{subject}", saved=1)
    return show(status=422, form=form, seen=request.form.get("seen"))


def newer_state(shop: ShopTransaction, subject: str, read: Callable[[ShopTransaction], object]) -> str | None:
    """The fingerprint of what `read` returns if it has changed since the form was opened. A form sent with this
    fingerprint overwrites the change. Locks the subject until the transaction ends."""
    shop.execute("lock", subject=subject)
    newest = fingerprint(read(shop))
    return None if newest == request.form.get("seen") else newest
