"""What an incident says to people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from warehouse import formats
from warehouse.i18n import N_, Language, translate, translate_plural
from warehouse.settings import Settings


class Incident(NamedTuple):
    """An open incident as `quality.incidents` has it. `details` has ids, times, counts and reasons, never a value."""

    incident_id: int
    kind: str
    subject: str
    store_id: str | None
    details: dict[str, Any]
    opened_at: datetime


_LINES = {
    "deadline": N_("{subject}: run {run_id} did not finish within {minutes} minutes. Check it in Airflow."),
    "quality": N_(
        "{subject}: incoming data failed validation. KPIs keep their previous values. Failed checks: {reasons}"
    ),
    "reconciliation": N_("Shop {store_id}: Kabar's data differs from the shop's. {reasons}"),
    "freshness": N_("{subject}: no new data since {newest_at}. Expected every {expected}."),
    "freshness of a shop": N_("{subject}, shop {store_id}: no new data since {newest_at}. Expected every {expected}."),
    "marts": N_("KPIs were last built {newest_at}. Expected every {expected}. Check kpi_build in Airflow."),
}
# Sources of data as the dashboard of the data's health names them; other subjects are names of suites and DAGs.
_SOURCES = {
    "raw.twilio_messages": N_("WhatsApp messages"),
    "raw.chatbot_events": N_("Events from other channels"),
    "app.twilio_syncs": N_("Twilio message log"),
    "app.woocommerce_syncs": N_("Shop sync"),
    "quality.current_verdict": N_("Validation"),
    "quality.current_reconciliations": N_("Reconciliation with the shop"),
}


def title_of(count: int, language: Language) -> str:
    """The subject of a message about so many incidents."""
    return translate_plural(
        language, "Kabar: {count} problem needs attention", "Kabar: {count} problems need attention", count
    )


def body_of(incidents: list[Incident], settings: Settings) -> str:
    """A line an incident, and where to look."""
    lines = [f"- {line_of(incident, settings.alert_language)}" for incident in incidents]
    if settings.public_url:
        address = f"{settings.public_url.rstrip('/')}/dashboards/data_health"
        lines += ["", translate(settings.alert_language, "Data health: {address}", address=address)]
    return "\n".join(lines) + "\n"


def line_of(incident: Incident, language: Language) -> str:
    """What is wrong, in one line."""
    details = dict(incident.details)
    if "newest_at" in details:
        details["newest_at"] = formats.moment(datetime.fromisoformat(details["newest_at"]), UTC, language)
        details["expected"] = formats.duration(details["expected_seconds"], language)
    if "reasons" in details:
        details["reasons"] = "; ".join(translate(language, reason) for reason in details["reasons"])
    subject = translate(language, _SOURCES.get(incident.subject, incident.subject))
    return translate(language, _LINES[_key(incident)], subject=subject, store_id=incident.store_id, **details)


def _key(incident: Incident) -> str:
    if incident.subject in ("reconciliation", "marts"):
        return incident.subject
    return f"{incident.kind} of a shop" if incident.store_id else incident.kind
