"""Notifications of incidents: a line in the log, an e-mail, a POST of JSON to a webhook."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage

import requests
import structlog

from expectations.incident_words import Incident, body_of, line_of, title_of
from warehouse.settings import Settings

PATIENCE = 10  # seconds

log = structlog.get_logger()


class NotificationFailed(RuntimeError):
    """A notification could not be sent; says why, without addresses, names or secrets."""


Notifier = Callable[[list[Incident]], None]
"""Sends incidents. Raises NotificationFailed."""


def configured(settings: Settings) -> dict[str, Notifier]:
    """The configured notifiers by name."""
    found: dict[str, Notifier] = {"log": _write}
    if settings.smtp_host and settings.alert_recipients:
        found["mail"] = lambda incidents: _send(incidents, settings)
    if settings.alert_webhook_url:
        found["webhook"] = lambda incidents: _post(incidents, settings)
    return found


def _write(incidents: list[Incident]) -> None:
    for incident in incidents:
        ids = {"incident_id": incident.incident_id, "kind": incident.kind, "subject": incident.subject}
        log.error("incident", **ids, store_id=incident.store_id, **incident.details)


def _send(incidents: list[Incident], settings: Settings) -> None:
    message = EmailMessage()
    message["Subject"] = title_of(len(incidents), settings.alert_language)
    message["From"] = settings.mail_sender
    message["To"] = settings.alert_recipients
    message.set_content(body_of(incidents, settings))
    send_mail(message, settings)


def send_mail(message: EmailMessage, settings: Settings) -> None:
    """Send an e-mail through the configured SMTP server. Raises NotificationFailed."""
    assert settings.smtp_host
    try:
        with _connected(settings.smtp_host, settings) as server:
            if settings.smtp_user and settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        # The server's message may contain the addresses.
        raise NotificationFailed(type(error).__name__) from None


def _connected(host: str, settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.smtp_security == "ssl":
        return smtplib.SMTP_SSL(host, settings.smtp_port, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(host, settings.smtp_port, timeout=PATIENCE)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _post(incidents: list[Incident], settings: Settings) -> None:
    assert settings.alert_webhook_url
    language = settings.alert_language
    items = [{**i._asdict(), "opened_at": i.opened_at.isoformat(), "line": line_of(i, language)} for i in incidents]
    payload = {"text": f"{title_of(len(incidents), language)}\n{body_of(incidents, settings)}", "incidents": items}
    try:
        response = requests.post(
            settings.alert_webhook_url.get_secret_value(), json=payload, timeout=PATIENCE, allow_redirects=False
        )
    except requests.RequestException as error:
        raise NotificationFailed(type(error).__name__) from None
    if not 200 <= response.status_code < 300:
        raise NotificationFailed(f"answered {response.status_code}")
