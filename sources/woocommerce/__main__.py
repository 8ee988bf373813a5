"""The command `python -m sources.woocommerce`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sources import woocommerce
from sources.retries import waits_reported
from sources.woocommerce import OnProgress, ShopRefused
from warehouse.i18n import terminal_gettext as _
from warehouse.logs import configure
from warehouse.settings import Settings, SettingsMissing, get_settings

# A shorter wait ends before a message about it is read.
REPORTED_FROM_SECONDS = 3.0


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    configure()
    settings = get_settings()
    try:
        with waits_reported(_report_wait):
            return int(options.run(options, settings))
    except (ShopRefused, SettingsMissing) as error:
        print(f"woocommerce: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        return 130


def _report_wait(reason: str, seconds: float) -> None:
    if seconds >= REPORTED_FROM_SECONDS:
        text = _(
            "The shop is busy or cannot be reached ({reason}). Next try in {seconds} s. Press Ctrl+C to stop.",
            reason=reason,
            seconds=round(seconds),
        )
        print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sources.woocommerce", description=_("WooCommerce shops."))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, words: str, run: Callable[..., int]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(run=run)
        return made

    adding = command("add", _("connect a shop"), _add)
    adding.add_argument(
        "store", metavar="STORE", help=_("the shop's name in Kabar: lower-case letters, digits, - and _")
    )
    adding.add_argument("--url", required=True, help=_("the shop's address, such as https://shop.example"))
    adding.add_argument("--key", required=True, help=_("consumer key (ck_…) of a REST key with Read/Write"))
    adding.add_argument("--secret", required=True, help=_("consumer secret (cs_…)"))
    adding.add_argument("--unchecked", action="store_true", help=_("connect without checking the address and keys"))
    syncing = command("sync", _("fetch what changed"), _sync)
    syncing.add_argument("--full", action="store_true", help=_("fetch everything again, including what listings hide"))
    for made in (
        syncing,
        command("reconcile", _("compare everything with the shop and correct differences"), _reconcile),
        command("check", _("check the connection to the shop"), _check),
        command("subscribe", _("let the shop report changes through webhooks"), _subscribe),
    ):
        made.add_argument("--store", metavar="STORE", help=_("only this shop; default: all connected shops"))
    listing = command("rejected", _("list what cannot be read, with the reasons"), _rejected)
    listing.add_argument("--store", metavar="STORE", help=_("only this shop; default: all connected shops"))
    dismissing = command("dismiss", _("dismiss objects that were set aside, or findings"), _dismiss)
    dismissing.add_argument("store", metavar="STORE", help=_("the shop's name in Kabar"))
    dismissing.add_argument("subject", metavar="KIND", help=_("orders, refunds, … or the subject of a finding"))
    dismissing.add_argument("which", metavar="WHICH", nargs="+", help=_("ids, or the periods of the findings"))
    dismissing.add_argument("--reason", required=True, help=_("why; it is recorded and shown"))
    inviting = command("invite", _("create a one-time code for the WordPress plugin"), _invite)
    inviting.add_argument("store", metavar="STORE", help=_("the shop's name in Kabar"))
    return parser


def _add(options: argparse.Namespace, settings: Settings) -> int:
    woocommerce.add(options.store, options.url, options.key, options.secret, settings, checked=not options.unchecked)
    print(_("Shop {store} is connected.", store=options.store))
    _explain_name(options.store, settings)
    return 0


def _sync(options: argparse.Namespace, settings: Settings) -> int:
    def run(store_id: str, on_progress: OnProgress) -> dict[str, object]:
        synced = woocommerce.sync(store_id, settings, options.full, on_progress)
        return {name: asdict(loaded) for name, loaded in synced.items()}

    return _with_progress(options, settings, run)


def _reconcile(options: argparse.Namespace, settings: Settings) -> int:
    verdicts = []

    def run(store_id: str, on_progress: OnProgress) -> dict[str, object]:
        found = woocommerce.reconcile(store_id, settings, on_progress)
        verdicts.append(found.verdict)
        reasons = [f"{each.subject} {each.period}: {each.reason}" for each in found.findings if each.verdict != "pass"]
        return {"verdict": found.verdict, "reasons": reasons}

    return _with_progress(options, settings, run) or (1 if "fail" in verdicts else 0)


def _check(options: argparse.Namespace, settings: Settings) -> int:
    def run(store_id: str) -> int:
        for sentence in woocommerce.check(store_id, settings):
            print(f"{store_id}: {sentence}")
        return 0

    return _each(options, settings, run)


def _subscribe(options: argparse.Namespace, settings: Settings) -> int:
    def run(store_id: str) -> int:
        print(json.dumps({"store": store_id, **woocommerce.subscribe(store_id, settings)}))
        return 0

    return _each(options, settings, run)


def _rejected(options: argparse.Namespace, settings: Settings) -> int:
    def run(store_id: str) -> int:
        for line in woocommerce.rejected(store_id, settings):
            print(f"{store_id}: {line}")
        return 0

    return _each(options, settings, run)


def _dismiss(options: argparse.Namespace, settings: Settings) -> int:
    count = woocommerce.dismiss(options.store, options.subject, options.which, options.reason, settings)
    print(_("Dismissed: {count}.", count=count))
    return 0


def _invite(options: argparse.Namespace, settings: Settings) -> int:
    print(woocommerce.invite(options.store, settings))
    if settings.public_url:
        print(_("Kabar's address: {address}", address=settings.public_url), file=sys.stderr)
    else:
        print(_("Set KABAR_PUBLIC_URL: the plugin asks for Kabar's address beside the code."), file=sys.stderr)
    _explain_name(options.store, settings)
    return 0


def _explain_name(store_id: str, settings: Settings) -> None:
    """Chats belong to the default shop, so that clicks on another shop's button never become conversations."""
    if store_id != settings.default_store:
        print(
            _(
                "The shop is called {store} here, and chats belong to {default}: clicks on its WhatsApp button lead to "
                "no conversations of this shop. Use the name {default}, or set KABAR_DEFAULT_STORE={store}.",
                store=store_id,
                default=settings.default_store,
            ),
            file=sys.stderr,
        )


def _with_progress(
    options: argparse.Namespace, settings: Settings, run: Callable[[str, OnProgress], dict[str, object]]
) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

    def with_bars(store_id: str) -> int:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            bars: dict[str, object] = {}

            def on_progress(resource: str, done: int, total: int) -> None:
                if resource not in bars:
                    bars[resource] = progress.add_task(f"{store_id} {resource}", total=total)
                progress.update(bars[resource], completed=done, total=total)  # type: ignore[arg-type]

            result = run(store_id, on_progress)
        print(json.dumps({"store": store_id, **result}))
        return 0

    return _each(options, settings, with_bars)


def _each(options: argparse.Namespace, settings: Settings, run: Callable[[str], int]) -> int:
    """Run for one shop or for all; a failure of one does not stop the others."""
    wanted = [options.store] if options.store else woocommerce.stores(settings)
    if not wanted:
        raise ShopRefused(_("No shop is connected yet. Connect one with python -m sources.woocommerce add."))
    worst = 0
    for store_id in wanted:
        try:
            worst = max(worst, run(store_id))
        except ShopRefused as error:
            print(f"woocommerce: {store_id}: {error}", file=sys.stderr)
            worst = 2
    return worst


if __name__ == "__main__":
    sys.exit(main())
