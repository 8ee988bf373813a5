"""E-mails to the recipients: the overview every morning, and an alert when one of the alert cards has a row."""

from __future__ import annotations

from dashboards.definition import Dashboard
from dashboards.metabase import cards
from dashboards.metabase.client import Row
from dashboards.metabase.layout import MARK
from dashboards.metabase.objects import Changes, matches
from dashboards.metabase.questions import Target, key

SENT = "overview"
# Both in Metabase's report time zone; the alerts come after the morning's build.
SUBSCRIPTION_HOUR = 7
ALERT_CRON = "0 0 8 * * ? *"


def ensure_all(
    changes: Changes, recipients: list[str], target: Target, numbers: dict[str, int], boards: dict[str, Row],
    dashboards: list[Dashboard],
) -> None:  # fmt: skip
    """Create or update our subscription and our alerts. Other people's are not touched."""
    if not recipients:
        changes.note("KABAR_METABASE_RECIPIENTS is empty: nobody is sent the overview or told of an alert")
        return
    for card in cards.alerts():
        _ensure_alert(changes, card.title.to(target.language), numbers[key(card)], recipients)
    for dashboard in dashboards:
        if dashboard.name == SENT:
            _ensure_subscription(changes, dashboard.title.to(target.language), boards[SENT], recipients)


def _ensure_alert(changes: Changes, title: str, card: int, recipients: list[str]) -> None:
    path = "/api/notification"
    existing: list[Row] = changes.metabase.listed(path, card_id=card, include_inactive="true") if card > 0 else []
    row = min(existing, key=lambda row: int(row["id"]), default=None)
    sent_to = [{"type": "notification-recipient/raw-value", "details": {"value": address}} for address in recipients]
    body: Row = {
        "payload_type": "notification/card",
        "payload": {"card_id": card, "send_condition": "has_result", "send_once": False},
        "subscriptions": [{"type": "notification-subscription/cron", "cron_schedule": ALERT_CRON}],
        "handlers": [{"channel_type": "channel/email", "recipients": sent_to}],
        "active": True,
    }
    if row is None:
        changes.write(f"make the alert {title}", "POST", path, body)
    elif not matches(row, body):
        changes.write(f"mend the alert {title}", "PUT", f"{path}/{row['id']}", body)


def _ensure_subscription(changes: Changes, title: str, board: Row, recipients: list[str]) -> None:
    """The dashboard as a daily e-mail. Metabase names subscriptions after their dashboard and keeps their cards up to
    date, so ours is identified by a mark in its channel, or by an equal channel."""
    channel = {
        "channel_type": "email",
        "enabled": True,
        "schedule_type": "daily",
        "schedule_hour": SUBSCRIPTION_HOUR,
        "recipients": [{"email": address} for address in sorted(recipients)],
    }
    marked_channel = {**channel, "details": {MARK: SENT}}
    found = changes.metabase.listed("/api/pulse") + changes.metabase.listed("/api/pulse", archived="true")
    rows = [row for row in found if row["dashboard_id"] == board["id"]]
    # An archived subscription may have no channel.
    marked = [row for row in rows if any((each.get("details") or {}).get(MARK) == SENT for each in row["channels"])]
    row = next(iter(marked + [row for row in rows if _is_sent_by(row, channel)]), None)
    if row is None:
        shown = [
            {"id": each["card_id"], "include_csv": False, "include_xls": False, "dashboard_card_id": each["id"]}
            for each in board["dashcards"]
            if each.get("card_id")
        ]
        body = {"name": title, "dashboard_id": board["id"], "cards": shown, "channels": [marked_channel]}
        message = f"send the dashboard {title} every morning"
        changes.write(message, "POST", "/api/pulse", {**body, "skip_if_empty": False})
    elif not _is_sent_by(row, channel):
        message = f"mend the subscription of the dashboard {title}"
        body = {"channels": [marked_channel], "archived": False}
        changes.write(message, "PUT", f"/api/pulse/{row['id']}", body)


def _is_sent_by(row: Row, channel: Row) -> bool:
    """Whether a subscription is active and sent by this channel alone. Metabase does not keep the recipients' order."""
    channels = [
        {**each, "recipients": sorted(each.get("recipients") or [], key=lambda recipient: str(recipient.get("email")))}
        for each in row["channels"]
    ]
    return matches({**row, "channels": channels}, {"channels": [channel], "archived": False})
