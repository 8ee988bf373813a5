"""The first steps of a shop: shown to admins until all are done, or until an admin hides them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg2.extensions
from flask import url_for
from flask_login import current_user

from warehouse.i18n import N_
from webhook.i18n import gettext as _
from webhook.inbox import blueprint, database
from webhook.services import services

SQL = Path(__file__).parent / "sql"
_STEPS = (
    ("whatsapp", N_("Connect your WhatsApp number and write to it"), "settings_connections", "whatsapp"),
    ("shop", N_("Connect your online shop"), "settings_connections", "shop"),
    ("hours", N_("Enter your opening hours"), "settings_hours", None),
    ("knowledge", N_("Upload a first document that the bot answers from"), "show_knowledge", None),
    ("people", N_("Invite your team"), "settings_people", None),
)
"""Column of `first_steps.sql`, title, view and place on its page."""


@dataclass(frozen=True)
class Step:
    title: str
    address: str
    is_done: bool


@dataclass(frozen=True)
class FirstSteps:
    steps: Sequence[Step]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)


def read(connection: psycopg2.extensions.connection, store_id: str) -> FirstSteps | None:
    """The steps of a shop, or None if they are all done or hidden."""
    row = database.row(connection, SQL / "first_steps.sql", {"store_id": store_id})
    steps = [
        Step(_(title), url_for(f"inbox.{view}", _anchor=place), getattr(row, name))
        for name, title, view, place in _STEPS
    ]
    is_shown = not row.is_hidden and not all(step.is_done for step in steps)
    return FirstSteps(steps) if is_shown else None


def hide(connection: psycopg2.extensions.connection, store_id: str) -> None:
    """Show the steps of a shop no more."""
    database.rows(connection, SQL / "hide_first_steps.sql", {"store_id": store_id})


@blueprint.app_template_global("first_steps")
def of_default_shop() -> FirstSteps | None:
    """The steps of the deployment's own shop, for admins."""
    if not current_user.may("admin"):
        return None
    with database.transaction() as connection:
        return read(connection, services().settings.default_store)
