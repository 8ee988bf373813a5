"""`python -m demo`: two months of a made-up shop, from signed messages to KPIs and a picture of them.

A second run continues the first: it adds what has happened in the shop since, and nothing is stored twice.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from rich.console import Console
from rich.status import Status

from demo import figures, inbox, live, reviews, survey
from demo.delivery import Delivery, NotTaken, as_they_come, batches, deliver
from demo.hours import CLOSES, OPENS, ZONE
from demo.orders import selasar
from demo.senders import ACCOUNT_SID, agents_messages, chatbot_event, is_on_twilio, twilio_record
from demo.shapes import inbound_form, status_form, statuses
from demo.shop import LENGTH, Happening, story
from demo.stage import Failed, Stage, began, bot, leave_account, make_stage, run, twilio_token, webhook
from demo.twilio import TwilioStandIn
from demo.woocommerce import WooCommerceStandIn
from sources import woocommerce
from sources.twilio import load
from sources.twilio_client import TwilioRefused
from sources.woocommerce.responses import ShopRefused
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings, SettingsMissing, get_settings

SQL = Path(__file__).parent / "sql"
LIVE_HOURS = timedelta(hours=6)
LIVE_MESSAGES = 40
DAGS = (
    "twilio_history",
    "woocommerce_reconciliation",
    "message_scoring",
    "kpi_build",
    "satisfaction_retraining",
    "review_mining",
    "survey_collection",
    "topic_discovery",
    "trend_forecast",
    "dashboard_refresh",
)

console = Console()
Says = Callable[[str], None]


class Steps:
    """Numbered steps with a spinner, each with its result and duration when it is done."""

    def __init__(self, count: int) -> None:
        self._number, self._count, self._started = 0, count, time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[Status]:
        self._number += 1
        label = f"[bold]{self._number}/{self._count}[/bold] {name}"
        started = time.monotonic()
        if not console.is_terminal:
            console.print(f"{label} …")
        with console.status(label) as status:
            yield status
        console.print(f"{label} [green]✓[/green] [dim]{time.monotonic() - started:.1f} s[/dim]")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started


def main() -> int:
    # SIGTERM stops the started processes as well, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _play(get_settings(), datetime.now(UTC))
    except (Failed, NotTaken, TwilioRefused, ShopRefused, SettingsMissing, figures.NoFigures, PermissionError) as error:
        console.print(f"[red]The demo stopped:[/red] {error}", soft_wrap=True, highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    return 0


def _play(plain: Settings, now: datetime) -> None:
    steps = Steps(12)
    with ExitStack() as stand_ins, TwilioStandIn(ACCOUNT_SID, twilio_token(plain)) as twilio:
        stage = make_stage(plain, twilio.url)
        _log_to(stage.folder / "loader.log")
        with steps.step("Postgres, migrated and ready"):
            _require_no_other_shop(stage.settings)
        with steps.step("The made-up shop's story") as status:
            happenings = story(began(stage.folder, now), now)
            records = {each.key: twilio_record(each) for each in happenings if is_on_twilio(each)}
            twilio.put(records.values())
            woocommerce_shop = stand_ins.enter_context(WooCommerceStandIn(selasar(happenings, now)))
            _set_up_shop(stage.settings, happenings)
        console.print(_summary(happenings))
        live_since = _live_since(happenings, now)
        with steps.step("History, by the loader from Twilio's record (a stand-in's)") as status:
            loaded = load(
                until=live_since - timedelta(seconds=1),  # Twilio counts the bound itself in
                settings=stage.settings,
                on_progress=lambda done, days, _: status.update(f"Twilio's record: day {done} of {days}"),
            )
        console.print(f"    {loaded.read:,} messages read, {loaded.inserted:,} new")
        with steps.step("Live, over HTTP and signed: web chat and WhatsApp") as status:
            sent = _deliver(stage, happenings, records, live_since, status.update)
            _forget_answers(stage.settings)
        console.print(f"    {sent:,} deliveries, all taken, some of them twice and none in order")
        with steps.step("What the shop sells, by the sync from WooCommerce (a stand-in's)") as status:
            orders = _sync_shop(stage.settings, woocommerce_shop, status.update)
        console.print(f"    {orders:,} orders read, and what else the shop holds")
        with steps.step("What customers say of it: reviews of a market place, and two waves of a survey") as status:
            reviewed, asked = _hear_customers(stage, now, status.update)
        console.print(f"    {reviewed:,} reviews, {asked:,} respondents")
        with steps.step("Classifiers of issues, urgency and sentiment, trained if there are none yet") as status:
            run(stage, "training", ["ml.train", "--if-missing"], lambda line: status.update(f"training: {line[:90]}"))
            sentiment = ["ml.sentiment", "train", "--if-missing"]
            run(stage, "sentiment", sentiment, lambda line: status.update(f"training: {line[:90]}"))
            # Before the KPIs are built, which count reviews, too.
            run(stage, "sentiment", ["ml.sentiment", "score"], lambda line: status.update(f"scoring: {line[:90]}"))
        with steps.step("What the bot knows: the shop's pages and products, and an encoder to find them by") as status:
            run(stage, "encoder", ["ml.encoder", "--if-missing"], lambda line: status.update(f"encoder: {line[:90]}"))
            passages = inbox.set_up(stage.settings, status.update)
        console.print(f"    {passages:,} passages")
        with steps.step("The bot, live: customers write over the signed webhook, the worker answers") as status:
            talks = _talk(stage, twilio, now, status.update)
        console.print(live.table(talks))
        with steps.step(
            "The DAGs: Twilio's record, the shop against its report, scoring, KPIs, reviews, surveys, topics, forecasts"
        ) as status:
            run(stage, "dags", ["dags.supervise.run", *DAGS], lambda line: status.update(f"Airflow: {line[:90]}"))
        _leave_shop(stage.settings)
        with steps.step("The KPIs"):
            shown = figures.table(stage.settings)
        console.print(shown)
        picture = stage.folder / "conversations.png"
        with steps.step("A picture of the dashboard") as status:
            run(stage, "picture", ["dashboards", "picture", str(picture)], status.update)
        password = inbox.admin_password(stage.settings, plain)
        leave_account(stage)
    console.print(f"\nThe picture: {picture}", soft_wrap=True, highlight=False)
    address = f"http://{plain.web_host}:{plain.web_port}"
    console.print(
        f"Then `make up`: {address}/dashboards and {address}/inbox, and a page to write to the shop", highlight=False
    )
    console.print(f"Sign in to Kabar as {inbox.ADMIN}, password {password}", highlight=False)
    console.print(f"The whole took {steps.seconds:.0f} s. Run it again and the story goes on.", highlight=False)


def _log_to(file: Path) -> None:
    """Keep this process's log out of the terminal, which shows the steps."""
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file.open("w")))


def _require_no_other_shop(settings: Settings) -> None:
    """Refuse to mix demo data with a real shop's, or to replace its URL and keys. Raises Failed."""
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        for question, what in (("other_accounts", "messages of another shop"), ("other_shops", "connected shops")):
            cursor.execute(read_sql(SQL / f"{question}.sql"), {"account_sid": ACCOUNT_SID})
            (others,) = cursor.fetchone() or (0,)
            if others:
                raise Failed(f"this database has {others} {what}: give the demo one of its own (KABAR_STATE_DIR)")


def _set_up_shop(settings: Settings, happenings: list[Happening]) -> None:
    """Store the owner's settings, and which agent wrote which message."""
    values = {"store": settings.default_store, "timezone": str(ZONE), "opens": OPENS, "closes": CLOSES}
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "set_up_shop.sql"), values)
        cursor.execute(read_sql(SQL / "agents_messages.sql"), {"sids": agents_messages(happenings)})


def _summary(happenings: list[Happening]) -> str:
    messages = [each for each in happenings if each.kind == "message"]
    people = len({each.customer for each in messages})
    first = happenings[0].at.astimezone(ZONE)
    return f"    {len(messages):,} messages with {people} customers since {first:%d %B %Y}"


def _live_since(happenings: list[Happening], now: datetime) -> datetime:
    """The time from which messages come through Twilio's webhooks: some hours ago, earlier if these were quiet."""
    inbound = [each.at for each in happenings if is_on_twilio(each) and each.author == "customer"]
    return min([now - LIVE_HOURS, *inbound[-LIVE_MESSAGES:][:1]])


def _deliver(
    stage: Stage, happenings: list[Happening], records: dict[str, dict[str, str]], live_since: datetime, says: Says
) -> int:
    """Send the chatbot's events of the whole story, and Twilio's webhooks of its last hours."""
    rng = random.Random(0)
    events = [chatbot_event(each) for each in happenings if not is_on_twilio(each)]
    web_chat = as_they_come(batches(_nearly_in_order(events, rng)), rng)
    live = [each for each in happenings if is_on_twilio(each) and each.at >= live_since]
    whatsapp = as_they_come((one for each in live for one in _webhooks(each, records[each.key])), rng)
    with webhook(stage):
        deliver(web_chat, stage.receiver, lambda done: says(f"web chat: {done} of {len(web_chat)} batches"))
        deliver(whatsapp, stage.receiver, lambda done: says(f"WhatsApp: {done} of {len(whatsapp)} webhooks"))
    return len(web_chat) + len(whatsapp)


def _forget_answers(settings: Settings) -> None:
    """Mark the story's messages as answered, so that the worker does not answer them again."""
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "forget_answers.sql"))


def _talk(stage: Stage, twilio: TwilioStandIn, now: datetime, says: Says) -> list[live.Talk]:
    """Let customers write to the real web app; the real worker answers through Twilio's stand-in."""
    talks = live.talks(stage.settings, now)
    twilio.call_back(stage.receiver)
    with webhook(stage), bot(stage):
        live.hold(talks, twilio, stage.receiver, stage.settings, says)
    return talks


def _sync_shop(settings: Settings, shop: WooCommerceStandIn, says: Says) -> int:
    """Connect the made-up shop and sync it. Returns the number of orders that were read."""
    woocommerce.add(settings.default_store, shop.url, shop.key, shop.secret, settings)
    synced = woocommerce.sync(
        settings.default_store,
        settings,
        on_progress=lambda name, done, count: says(f"WooCommerce: {done:,} of {count:,} {name}"),
    )
    return synced["orders"].read


def _hear_customers(stage: Stage, now: datetime, says: Says) -> tuple[int, int]:
    """Import the reviews and the survey as people import theirs. Returns the numbers of reviews and respondents."""
    file = stage.folder / "reviews.jsonl"
    written = reviews.reviews(began(stage.folder, now) + LENGTH)
    reviews.write(file, written)
    command = ["sources.reviews", "import", str(file), "--source", reviews.SOURCE, "--yes"]
    run(stage, "reviews", command, lambda line: says(f"reviews: {line[:90]}"))
    respondents = 0
    for wave in survey.WAVES:
        file = stage.folder / f"survey {wave}.csv"
        respondents += survey.write(file, wave)
        run(stage, "survey", ["sources.surveys", "import", wave, str(file)], lambda line: says(f"survey: {line[:90]}"))
    return len(written), respondents


def _leave_shop(settings: Settings) -> None:
    """Disconnect the shop, which has ended, so that no sync fails and nothing is late. The next run connects it
    again."""
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "leave_shop.sql"), {"store": settings.default_store})


def _webhooks(happening: Happening, resource: dict[str, str]) -> list[Delivery]:
    if happening.author == "customer":
        return [Delivery("/webhooks/twilio/messages", inbound_form(resource, happening.customer.name))]
    return [Delivery("/webhooks/twilio/status", status_form(resource, status)) for status in statuses(resource)]


def _nearly_in_order(events: list[dict[str, str]], rng: random.Random) -> list[dict[str, str]]:
    placed = [(place + rng.uniform(0, 60), event) for place, event in enumerate(events)]
    return [event for _, event in sorted(placed, key=lambda pair: pair[0])]


if __name__ == "__main__":
    sys.exit(main())
