"""What an incident says to people, in English and Indonesian."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from warehouse.settings import Settings


class Incident(NamedTuple):
    """An open incident as `quality.incidents` has it. `details` has ids, times, counts and reasons, never a value."""

    incident_id: int
    kind: str
    subject: str
    store_id: str | None
    details: dict[str, Any]
    opened_at: datetime


WORDS = {
    "title": {"en": "Kabar: {count} to look at", "id": "Kabar: {count} hal perlu dilihat"},
    "deadline": {
        "en": "{subject}: the run {run_id} did not succeed within {minutes} minutes. Airflow shows where it stands.",
        "id": "{subject}: proses {run_id} tidak berhasil dalam {minutes} menit. Airflow menunjukkan sampai di mana.",
    },
    "quality": {
        "en": "{subject}: what landed failed the validation; the KPIs stay as they were. {reasons}",
        "id": "{subject}: data yang masuk gagal validasi; KPI tetap seperti semula. {reasons}",
    },
    "reconciliation": {
        "en": "Shop {store_id}: what we hold differs from the shop. {reasons}",
        "id": "Toko {store_id}: data kami berbeda dari toko. {reasons}",
    },
    "freshness": {
        "en": "{subject}: nothing new since {newest_at}; expected every {expected}.",
        "id": "{subject}: tidak ada yang baru sejak {newest_at}; seharusnya setiap {expected}.",
    },
    "freshness of a shop": {
        "en": "{subject} of the shop {store_id}: nothing new since {newest_at}; expected every {expected}.",
        "id": "{subject} dari toko {store_id}: tidak ada yang baru sejak {newest_at}; seharusnya setiap {expected}.",
    },
    "marts": {
        "en": "The KPIs are of {newest_at}; a build is expected every {expected}. Airflow's kpi_build says why.",
        "id": "KPI dari {newest_at}; seharusnya dibangun setiap {expected}. kpi_build di Airflow mencatat sebab.",
    },
    "minutes": {"en": "{number} min", "id": "{number} mnt"},
    "hours": {"en": "{number} h", "id": "{number} jam"},
    "where": {"en": "Data health: {address}", "id": "Kesehatan data: {address}"},
}


def title_of(count: int, language: str) -> str:
    """The subject of a message about so many incidents."""
    return WORDS["title"][language].format(count=count)


def body_of(incidents: list[Incident], settings: Settings) -> str:
    """A line an incident, and where to look."""
    lines = [f"- {line_of(incident, settings.alert_language)}" for incident in incidents]
    if settings.public_url:
        address = f"{settings.public_url.rstrip('/')}/dashboards/data_health"
        lines += ["", WORDS["where"][settings.alert_language].format(address=address)]
    return "\n".join(lines) + "\n"


def line_of(incident: Incident, language: str) -> str:
    """What is wrong, in one line."""
    details = dict(incident.details)
    if "newest_at" in details:
        newest_at = datetime.fromisoformat(details["newest_at"]).astimezone(UTC)
        details["newest_at"] = f"{newest_at:%Y-%m-%d %H:%M} UTC"
        details["expected"] = _span(details["expected_seconds"], language)
    if "reasons" in details:
        details["reasons"] = "; ".join(details["reasons"])
    return WORDS[_key(incident)][language].format(subject=incident.subject, store_id=incident.store_id, **details)


def _key(incident: Incident) -> str:
    if incident.subject in ("reconciliation", "marts"):
        return incident.subject
    return f"{incident.kind} of a shop" if incident.store_id else incident.kind


def _span(seconds: int, language: str) -> str:
    unit, number = ("hours", seconds / 3600) if seconds >= 3600 else ("minutes", seconds / 60)
    return WORDS[unit][language].format(number=f"{number:g}")
