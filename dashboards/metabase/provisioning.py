"""`plan` and `provision`: one walk over all that should be there. In a plan nothing is sent, only said."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards import definition
from dashboards.definition import Dashboard
from dashboards.metabase import access, alerts, boards, caching, cards, collections, database, keys
from dashboards.metabase.changes import Changes
from dashboards.metabase.client import sign_in
from dashboards.metabase.questions import Target
from warehouse.settings import Settings

STARTING_SECONDS = 300


def provision(settings: Settings, *, is_plan: bool = False, dashboards: Sequence[Dashboard] | None = None) -> Changes:
    """Bring the Metabase of the settings in line with the definitions, or say what that would change.

    Raises SettingsMissing, NotSetUp (a plan only), MetabaseRefused, MetabaseAway, and the reader's DatabaseAway. What
    was done until then stays; the next run goes on from there.
    """
    shown = list(dashboards if dashboards is not None else definition.load_all())
    metabase = sign_in(settings, set_up=not is_plan, wait_seconds=0 if is_plan else STARTING_SECONDS)
    changes = Changes(metabase, is_plan=is_plan)
    keys.ensure(changes, settings)
    language = settings.metabase_language
    number = database.ensure(changes, settings)
    database.describe(changes, number, settings)
    places = collections.ensure_all(changes, language)
    # Before there is anything to see.
    access.ensure(changes, number, places)
    wanted = cards.questions(shown, language)
    numbers = cards.ensure_all(changes, wanted, Target(number, places["cards"], language, settings.default_store))
    target = Target(number, places["dashboards"], language, settings.default_store)
    made = boards.ensure_all(changes, shown, target, numbers)
    recipients = [address.strip() for address in settings.metabase_recipients.split(",") if address.strip()]
    alerts.ensure_all(changes, recipients, target, numbers, made, shown)
    caching.ensure(changes)
    return changes
