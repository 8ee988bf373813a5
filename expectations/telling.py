"""How people are told of incidents: a line in the log, an e-mail, a POST of JSON. What is not set up is no way."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage

import requests
import structlog

from expectations.incident_words import Incident, body_of, line_of, title_of
from warehouse.settings import LOOPBACK, Settings

PATIENCE = 10  # seconds
SMTP_OVER_TLS = 465

log = structlog.get_logger()


class NotTold(RuntimeError):
    """A way did not take the message; says why, without addresses, names or secrets."""


Way = Callable[[list[Incident]], None]


def ways(settings: Settings) -> dict[str, Way]:
    """The ways that are set up, by name. Each takes the incidents to tell and raises NotTold."""
    found: dict[str, Way] = {"log": _write}
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
    assert settings.smtp_host
    message = EmailMessage()
    message["Subject"] = title_of(len(incidents), settings.alert_language)
    message["From"] = settings.alert_sender or settings.smtp_user or f"kabar@{settings.smtp_host}"
    message["To"] = settings.alert_recipients
    message.set_content(body_of(incidents, settings))
    try:
        with _connected(settings.smtp_host, settings.smtp_port) as server:
            if settings.smtp_user and settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        # What a server says may name the addresses.
        raise NotTold(type(error).__name__) from None


def _connected(host: str, port: int) -> smtplib.SMTP:
    """A connection that nobody reads along with, but on this machine."""
    context = ssl.create_default_context()
    if port == SMTP_OVER_TLS:
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(host, port, timeout=PATIENCE)
    if host not in LOOPBACK:
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _post(incidents: list[Incident], settings: Settings) -> None:
    assert settings.alert_webhook_url
    language = settings.alert_language
    told = [{**i._asdict(), "opened_at": i.opened_at.isoformat(), "line": line_of(i, language)} for i in incidents]
    payload = {"text": f"{title_of(len(incidents), language)}\n{body_of(incidents, settings)}", "incidents": told}
    try:
        answer = requests.post(
            settings.alert_webhook_url.get_secret_value(), json=payload, timeout=PATIENCE, allow_redirects=False
        )
    except requests.RequestException as error:
        raise NotTold(type(error).__name__) from None
    if not 200 <= answer.status_code < 300:
        raise NotTold(f"answered {answer.status_code}")
