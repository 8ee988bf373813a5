"""The signed part of a survey's addresses: which wave it is and, in a customer's own link, which respondent."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeSerializer

from webhook.services import services


class Link(NamedTuple):
    """`respondent` is a random name, or None in the link that everybody gets."""

    store_id: str
    wave: str
    respondent: str | None = None


def token(link: Link) -> str:
    """The signed form of a link. Whoever has it may answer, so one with a respondent is a secret."""
    return str(_signer().dumps(link))


def read(signed: str) -> Link | None:
    """The link, or None if it was not signed here."""
    try:
        return Link(*_signer().loads(signed))
    except (BadData, TypeError):
        return None


def address(link: Link) -> str:
    """The full address of a survey, under the deployment's public address if it has one."""
    path = url_for("surveys.show_start", token=token(link))
    public = services().settings.public_url
    return f"{public.rstrip('/')}{path}" if public else url_for("surveys.show_start", token=token(link), _external=True)


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key  # pages without it are not served
    return URLSafeSerializer(current_app.secret_key, salt="survey")
