"""Texts for units, days, dimensions, stages of the lineage and kinds of tests in KPI definitions."""

from __future__ import annotations

from warehouse.i18n import N_

LABELS = {
    "unit_count": N_("count"),
    "unit_seconds": N_("duration"),
    "unit_percent": N_("percent"),
    "unit_currency": N_("amount in the shop's currency"),
    "unit_months": N_("number of months"),
    "day_message": N_("the day of the message"),
    "day_turn": N_("the day of the first message that waited for the reply"),
    "day_episode": N_("the day the conversation started"),
    "day_rating": N_("the day of the rating"),
    "day_request": N_("the day the rating was requested"),
    "day_order": N_("the day of the order or refund, according to the shop's settings"),
    "day_month": N_("the whole month"),
    "dimension_channel": N_("channel"),
    "dimension_author": N_("author"),
    "dimension_bucket": N_("waiting time"),
    "dimension_issue": N_("issue"),
    "dimension_urgency": N_("urgency"),
    "dimension_language": N_("language"),
    "dimension_sentiment": N_("sentiment"),
    "dimension_source": N_("source"),
    "dimension_currency": N_("currency"),
    "stage_source": N_("Incoming data"),
    "stage_staging": N_("Staging (renamed columns)"),
    "stage_intermediate": N_("Intermediate"),
    "stage_facts": N_("Facts"),
    "stage_kpi": N_("KPI"),
    "kind_data": N_("Data tests"),
    "kind_example": N_("Unit tests"),
    "kind_example_of_parts": N_("Unit tests of the tables it is built from"),
}
