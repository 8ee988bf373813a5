"""Who is sent what: the overview every morning, and the alerts when one of their cards has a row."""

from __future__ import annotations

from dashboards.definition import Card, Dashboard
from dashboards.metabase import cards
from dashboards.metabase.changes import Changes, holds
from dashboards.metabase.client import NOTIFICATIONS_SINCE, Row
from dashboards.metabase.placing import MARK
from dashboards.metabase.questions import Target, key

SENT = "overview"
MORNING = 7
# After the morning's build, in the time zone that Metabase reports in.
CRON = "0 0 8 * * ? *"
HOUR = 8


def ensure_all(
    changes: Changes, recipients: list[str], target: Target, numbers: dict[str, int], boards: dict[str, Row],
    dashboards: list[Dashboard],
) -> None:  # fmt: skip
    """Make or mend our subscription and our alerts. Those of other people stay as they are."""
    if not recipients:
        changes.note("KABAR_METABASE_RECIPIENTS is empty: nobody is sent the overview or told of an alert")
        return
    for card in cards.alerts():
        number = numbers[key(card)]
        if changes.metabase.version >= NOTIFICATIONS_SINCE:
            _ensure_notification(changes, card.title.to(target.language), number, recipients)
        else:
            _ensure_alert(changes, card, number, target, recipients)
    for dashboard in dashboards:
        if dashboard.name == SENT:
            _ensure_subscription(changes, dashboard.title.to(target.language), boards[SENT], recipients)


def _ensure_notification(changes: Changes, title: str, card: int, recipients: list[str]) -> None:
    path = "/api/notification"
    existing: list[Row] = changes.metabase.listed(path, card_id=card, include_inactive="true") if card > 0 else []
    row = min(existing, key=lambda row: int(row["id"]), default=None)
    body: Row = {
        "payload_type": "notification/card",
        "payload": {"card_id": card, "send_condition": "has_result", "send_once": False},
        "subscriptions": [{"type": "notification-subscription/cron", "cron_schedule": CRON}],
        "handlers": [
            {
                "channel_type": "channel/email",
                "recipients": [
                    {"type": "notification-recipient/raw-value", "details": {"value": address}}
                    for address in recipients
                ],
            }
        ],
        "active": True,
    }
    if row is None:
        changes.write(f"make the alert {title}", "POST", path, body)
    elif not holds(row, body):
        body["payload"]["id"] = row["payload"].get("id")
        changes.write(f"mend the alert {title}", "PUT", f"{path}/{row['id']}", body)


def _ensure_alert(changes: Changes, card: Card, number: int, target: Target, recipients: list[str]) -> None:
    """As before 0.54."""
    title = card.title.to(target.language)
    rows = changes.metabase.listed("/api/alert") + changes.metabase.listed("/api/alert", archived="true")
    row = min((row for row in rows if row["card"]["id"] == number), key=lambda row: int(row["id"]), default=None)
    body: Row = {
        "card": {"id": number, "include_csv": False, "include_xls": False},
        "alert_condition": "rows",
        "alert_first_only": False,
        "channels": [_channel(recipients, HOUR)],
    }
    if row is None:
        changes.write(f"make the alert {title}", "POST", "/api/alert", body)
    elif not _holds_channels(row, body) or row["archived"]:
        changes.write(f"mend the alert {title}", "PUT", f"/api/alert/{row['id']}", {**body, "archived": False})


def _ensure_subscription(changes: Changes, title: str, board: Row, recipients: list[str]) -> None:
    """The dashboard as an e-mail. Metabase names it after the dashboard and keeps its cards in step by itself, so that
    ours is known by a mark in its channel, or by being sent as ours is."""
    shown = [dashcard for dashcard in board["dashcards"] if dashcard.get("card_id")]
    channel = {**_channel(recipients, MORNING), "details": {MARK: SENT}}
    body: Row = {
        "name": title,
        "dashboard_id": board["id"],
        "cards": [
            {"id": each["card_id"], "include_csv": False, "include_xls": False, "dashboard_card_id": each["id"]}
            for each in shown
        ],
        "channels": [channel],
        "skip_if_empty": False,
    }
    wanted = {"channels": [{name: value for name, value in channel.items() if name != "details"}], "archived": False}
    rows = changes.metabase.listed("/api/pulse") + changes.metabase.listed("/api/pulse", archived="true")
    sent = [row for row in rows if row["dashboard_id"] == board["id"]]
    marked = [row for row in sent if (row["channels"][0].get("details") or {}).get(MARK) == SENT]
    row = next(iter(marked + [row for row in sent if _holds_channels(row, wanted)]), None)
    if row is None:
        changes.write(f"send the dashboard {title} every morning", "POST", "/api/pulse", body)
    elif not _holds_channels(row, wanted):
        says = f"mend the subscription of the dashboard {title}"
        changes.write(says, "PUT", f"/api/pulse/{row['id']}", {"channels": [channel], "archived": False})


def _channel(recipients: list[str], hour: int) -> Row:
    return {
        "channel_type": "email",
        "enabled": True,
        "schedule_type": "daily",
        "schedule_hour": hour,
        "recipients": [{"email": address} for address in recipients],
    }


def _holds_channels(row: Row, body: Row) -> bool:
    """Recipients may come back in another order."""

    def ordered(fields: Row) -> Row:
        channels = [
            {**channel, "recipients": sorted(channel.get("recipients") or [], key=lambda each: str(each.get("email")))}
            for channel in fields["channels"]
        ]
        return {**fields, "channels": channels}

    return holds(ordered(row), ordered(body))
