"""Settings of the whole Metabase: the time zone of its schedules, the SMTP server that it mails through, and whether it
sends anonymous statistics to its makers.

What somebody set in Metabase, or in its environment, stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.metabase.authentication import NAME
from dashboards.metabase.client import MetabaseRefused, Row
from dashboards.metabase.objects import Changes
from warehouse.settings import Settings

TIME_ZONE, TRACKING = "report-timezone", "anon-tracking-enabled"
BAD_REQUEST = 400
_HOST, _USER, _SECRET = "email-smtp-host", "email-smtp-username", "email-smtp-password"
# Not the kind of encryption: Metabase may correct it.
_COMPARED = (_HOST, "email-smtp-port", _USER, "email-from-address")
NOBODY = "nobody is mailed: "


def ensure(changes: Changes, settings: Settings, recipients: Sequence[str], *, is_new: bool) -> None:
    """Set the time zone and, if anybody is to be mailed, the SMTP server. A Metabase that `is_new` has nothing of ours
    yet."""
    rows = {row["key"]: row for row in changes.metabase.listed("/api/setting")}
    if is_new:
        _stop_tracking(changes, rows)
    _ensure_time_zone(changes, rows.get(TIME_ZONE) or {}, settings.default_timezone)
    if recipients:
        _ensure_mail(changes, rows, settings)


def _stop_tracking(changes: Changes, rows: dict[str, Row]) -> None:
    """Turn tracking off, which the setup always turns on. In a Metabase that somebody else set up, that is their
    decision."""
    row, site = rows.get(TRACKING) or {}, (rows.get("site-name") or {}).get("value")
    if site == NAME and row.get("value") is not False and not row.get("is_env_setting"):
        changes.write("turn anonymous tracking off", "PUT", f"/api/setting/{TRACKING}", {"value": False})


def _ensure_time_zone(changes: Changes, row: Row, zone: str) -> None:
    if row.get("is_env_setting") or row.get("value") == zone:
        return
    if row.get("value"):
        changes.note(f"Metabase reports in {row['value']}, not in {zone}: its e-mails are sent in that time zone")
        return
    message = f"let Metabase report in {zone}"
    changes.write(message, "PUT", f"/api/setting/{TIME_ZONE}", {"value": zone})


def _ensure_mail(changes: Changes, rows: dict[str, Row], settings: Settings) -> None:
    # The question mark is part of the name.
    is_configured = bool(changes.metabase.get("/api/setting/email-configured%3F"))
    if not settings.smtp_host:
        if not is_configured:
            changes.note(f"{NOBODY}Metabase has no SMTP server. Set KABAR_SMTP_HOST, or one in Metabase's settings")
        return
    shown = {name: (rows.get(name) or {}).get("value") for name in (*_COMPARED, _SECRET)}
    is_of_environment = any((rows.get(name) or {}).get("is_env_setting") for name in shown)
    wanted = _wanted(settings)
    different = [name for name in _COMPARED if str(shown[name] or "") != str(wanted[name] or "")]
    if is_configured and (is_of_environment or {_HOST, _USER} & set(different)):
        if not is_of_environment:
            changes.note(f"Metabase mails through {shown[_HOST]}, as somebody set there, not as in KABAR_SMTP_HOST")
        return
    if is_configured and not different and _is_same_secret(shown[_SECRET], wanted[_SECRET]):
        return
    try:
        changes.write("set Metabase's SMTP server", "PUT", "/api/email", wanted)
    except MetabaseRefused as refused:
        # Metabase tests the server before it stores it.
        if refused.status != BAD_REQUEST:
            raise
        changes.note(f"{NOBODY}Metabase cannot use the SMTP server {settings.smtp_host} ({refused})")


def _wanted(settings: Settings) -> Row:
    return {
        _HOST: settings.smtp_host,
        "email-smtp-port": settings.smtp_port,
        "email-smtp-security": settings.smtp_security,
        _USER: settings.smtp_user,
        _SECRET: settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        "email-from-address": settings.mail_sender,
    }


def _is_same_secret(shown: str | None, secret: str | None) -> bool:
    """Metabase shows the last two characters of a secret."""
    return str(shown or "")[-2:] == str(secret or "")[-2:]
