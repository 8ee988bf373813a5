"""`python -m webhook.events_secret SHOP`: a new secret for a shop's chatbot events."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import psycopg2

from sources.woocommerce.responses import ShopRefused
from sources.woocommerce.shops import require_id
from warehouse import connection
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, SettingsMissing, get_settings
from webhook.senders import events_secrets


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 when there is a new secret, 1 when the shop's name is invalid, 2 when a setting is missing."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen.store, get_settings())
    except ShopRefused as refused:
        print(f"webhook.events_secret: {refused}", file=sys.stderr)
        return 1
    except (SettingsMissing, PermissionError, psycopg2.OperationalError) as error:
        print(f"webhook.events_secret: {error}", file=sys.stderr)
        return 2


def _run(store: str, settings: Settings) -> int:
    if store != settings.default_store:
        require_id(store)
    with connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
        secret = events_secrets.rotate(cursor, store, settings)
    print(secret)
    print(_("It is shown only once. The secret before it stays valid for 24 hours."), file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webhook.events_secret",
        description=_("Create or replace the secret that signs a shop's chatbot events."),
    )
    parser.add_argument("store", metavar="SHOP", help=_("the shop's name in Kabar"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
