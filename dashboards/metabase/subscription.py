"""The overview by e-mail every morning.

Metabase names subscriptions after their dashboard and drops keys that it does not know, so ours is the one whose
number the dashboard's description has (`objects.mail_of`). The endpoint is deprecated, but 0.63 has no other for
dashboards.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.definition import Dashboard
from dashboards.metabase.client import Row
from dashboards.metabase.mail_owners import Owners
from dashboards.metabase.objects import Changes, matches, remember_mail
from dashboards.metabase.questions import Target

SENT = "overview"
HOUR = 7  # in Metabase's report time zone
_PATH = "/api/pulse"
_EMAIL = "email"
_CHANNEL = (
    "id", "channel_type", "channel_id", "enabled", "details", "recipients", "schedule_type", "schedule_day",
    "schedule_hour", "schedule_frame",
)  # fmt: skip


def ensure(
    changes: Changes, recipients: Sequence[str], target: Target, boards: dict[str, Row], dashboards: list[Dashboard],
    owners: Owners,
) -> None:  # fmt: skip
    """Create or update our subscription, or stop it if there are no recipients. Other people's are not touched."""
    for dashboard in dashboards:
        if dashboard.name == SENT:
            title = dashboard.title.to(target.language)
            _ensure(changes, title, boards[SENT], recipients, owners)


def _ensure(changes: Changes, title: str, board: Row, recipients: Sequence[str], owners: Owners) -> None:
    channel = {
        "channel_type": _EMAIL,
        "enabled": True,
        "schedule_type": "daily",
        "schedule_hour": HOUR,
        "recipients": [{"email": address} for address in recipients],
    }
    listed = changes.metabase.listed(_PATH) + changes.metabase.listed(_PATH, archived="true")
    rows = [row for row in listed if row["dashboard_id"] == board["id"]]
    alike = [row for row in rows if _is_sent_by(row, channel)]
    message = f"finish making the subscription of the dashboard {title}"
    known = owners.ours(changes, "dashboard", board, rows, alike, message)
    if not recipients:
        _stop(changes, title, known)
    elif known is None:
        body = {"name": title, "dashboard_id": board["id"], "cards": _cards(board), "channels": [channel]}
        message = f"send the dashboard {title} every morning"
        made = changes.write(message, "POST", _PATH, {**body, "skip_if_empty": False})
        if not changes.is_plan:
            remember_mail(changes, "dashboard", board, made["id"])
    elif not _is_sent_by(known, channel):
        message = f"fix the subscription of the dashboard {title}"
        body = {"channels": [channel, *_other_channels(known)], "archived": False, "skip_if_empty": False}
        changes.write(message, "PUT", f"{_PATH}/{known['id']}", body)


def _stop(changes: Changes, title: str, known: Row | None) -> None:
    """Stop mailing our subscription. Channels that somebody added stay."""
    if known is None or known["archived"]:
        return
    others = _other_channels(known)
    if len(others) == len(known.get("channels") or []) and others:
        return
    body: Row = {"channels": others, "archived": False} if others else {"archived": True}
    changes.write(f"stop mailing the dashboard {title}", "PUT", f"{_PATH}/{known['id']}", body)


def _cards(board: Row) -> list[Row]:
    return [
        {"id": each["card_id"], "include_csv": False, "include_xls": False, "dashboard_card_id": each["id"]}
        for each in board["dashcards"]
        if each.get("card_id")
    ]


def _other_channels(row: Row) -> list[Row]:
    """What somebody added, such as a Slack channel."""
    others = [channel for channel in row.get("channels") or [] if channel["channel_type"] != _EMAIL]
    return [{name: each[name] for name in _CHANNEL if each.get(name) is not None} for each in others]


def _is_sent_by(row: Row, channel: Row) -> bool:
    """Whether a subscription is active and mailed as this channel says. One that was archived may have no channel."""
    mailed = [_comparable(each) for each in row.get("channels") or [] if each["channel_type"] == _EMAIL]
    wanted = {"channels": [_comparable(channel)], "archived": False, "skip_if_empty": False}
    return matches({**row, "channels": mailed}, wanted)


def _comparable(channel: Row) -> Row:
    """A channel with its recipients sorted and in lower case: Metabase has no fixed order and lowers some of them."""
    addresses = [str(recipient.get("email")).lower() for recipient in channel.get("recipients") or []]
    return {**channel, "recipients": sorted(addresses)}
