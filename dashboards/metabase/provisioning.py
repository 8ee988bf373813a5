"""`plan` and `provision`: compare Metabase with the definitions, and update what differs unless it is a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboards import definition
from dashboards.definition import Dashboard
from dashboards.metabase import (
    alerts,
    caching,
    cards,
    collections,
    database,
    permissions,
    server_settings,
    subscription,
)
from dashboards.metabase import dashboards as metabase_dashboards
from dashboards.metabase.authentication import ensure_key, sign_in, switch_to_key
from dashboards.metabase.client import SUPPORTED, VERSION
from dashboards.metabase.mail_owners import Owners
from dashboards.metabase.objects import Changes
from dashboards.metabase.questions import Target
from warehouse.settings import Settings

STARTING_SECONDS = 300


def provision(settings: Settings, *, is_plan: bool = False, dashboards: Sequence[Dashboard] | None = None) -> Changes:
    """Bring the Metabase of the settings in line with the definitions, or collect what that would change.

    Raises SettingsMissing, NotSetUp (a plan only), MetabaseRefused, MetabaseAway, and the reader's DatabaseAway. What
    was written before an error stays; the next run continues from there.
    """
    shown = list(dashboards if dashboards is not None else definition.load_all())
    metabase = sign_in(settings, set_up=not is_plan, wait_seconds=0 if is_plan else STARTING_SECONDS)
    changes = Changes(metabase, is_plan=is_plan)
    if metabase.version not in SUPPORTED:
        changes.note(f"this is Metabase 0.{metabase.version}; provision is written for 0.{VERSION}")
    ensure_key(changes, settings)
    recipients = _recipients(settings)
    server_settings.ensure(changes, settings, recipients, is_new=database.find(metabase, settings) is None)
    language = settings.metabase_language
    database_id = database.ensure(changes, settings)
    database.describe(changes, database_id, settings)
    folders = collections.ensure_all(changes, language)
    # Permissions come before there is anything to see.
    permissions.ensure(changes, database_id, folders)
    questions = cards.questions(shown, language)
    target = Target(database_id, folders["cards"], language, settings.default_store)
    card_ids = cards.ensure_all(changes, questions, target)
    target = replace(target, collection=folders["dashboards"])
    boards = metabase_dashboards.ensure_all(changes, shown, target, card_ids)
    switch_to_key(changes, settings)
    owners = Owners(changes.metabase, settings.metabase_user)
    alerts.ensure(changes, recipients, target, card_ids, owners)
    subscription.ensure(changes, recipients, target, boards, shown, owners)
    if not recipients:
        changes.note("KABAR_METABASE_RECIPIENTS is empty: nobody receives the overview or the alerts")
    caching.ensure(changes)
    return changes


def _recipients(settings: Settings) -> list[str]:
    """The addresses without duplicates, in lower case as Metabase stores those of accounts."""
    addresses = (address.strip().lower() for address in settings.metabase_recipients.split(","))
    return list(dict.fromkeys(address for address in addresses if address))
