"""Texts of the dashboards that are chosen by a value, and names of values. What belongs to one dashboard is in its
definition."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.i18n import N_, Language, Text, translate

LABELS = {
    "quality_pass": N_("Data checks passed"),
    "quality_warn": N_("Data checks: warning"),
    "quality_fail": N_("Data checks failed"),
    "quality_pass_meaning": N_("The data passed all checks before the figures were computed."),
    "quality_warn_meaning": N_("A check gave a warning, or none has run yet. Read the figures with care."),
    "quality_fail_meaning": N_("A check failed. The figures are from before the failure and don't include newer data."),
    "card_warn": N_("The data behind this card has a warning."),
    "card_fail": N_("The data behind this card failed its checks."),
    "goal_higher": N_("Target: at least {figure}"),
    "goal_lower": N_("Target: at most {figure}"),
    "untouched_channel": N_("All channels: this card has no channel filter."),
    "untouched_issue": N_("All issues: this card has no issue filter."),
    "untouched_message_language": N_("All languages: this card has no language filter."),
    "untouched_wave": N_("This card is not about a survey wave."),
    "up": N_("up"),
    "down": N_("down"),
}

FILTER_FAULTS = {
    "unknown": N_("“{filter}” has a value that doesn't exist."),
    "not_a_day": N_("“{filter}” must be a date such as 2026-01-31."),
    "after_to": N_("The period ends before it begins."),
    "too_long": N_("The period is longer than a year."),
}

UNLABELLED = N_("Unlabelled")
ISSUES = {
    "delivery": N_("Delivery"),
    "order": N_("Order"),
    "payment": N_("Payment"),
    "refund": N_("Refund"),
    "other": N_("Other"),
    "unlabelled": UNLABELLED,
}
MESSAGE_LANGUAGES = {
    "id": N_("Indonesian"),
    "en": N_("English"),
    "unknown": N_("Unknown"),
    "unlabelled": UNLABELLED,
}
AUTHORS = {"customer": N_("Customer"), "bot": N_("Bot"), "agent": N_("Agent")}
URGENCIES = {"high": N_("High"), "normal": N_("Normal"), "low": N_("Low"), "unlabelled": UNLABELLED}
# The dimensions of e-SERVQUAL. Others that a shop uses are shown as entered.
SERVICE_DIMENSIONS = {
    "efficiency": N_("Efficiency"),
    "fulfilment": N_("Fulfilment"),
    "compensation": N_("Compensation"),
    "reliability": N_("Reliability"),
    "responsiveness": N_("Responsiveness"),
}
# What survey respondents say about themselves. Other values, from files, are shown as they are.
RESPONDENTS = {
    "gender": {"female": N_("Female"), "male": N_("Male")},
    "age_band": {
        "under_18": N_("Under 18"),
        "18_24": N_("18 to 24"),
        "25_34": N_("25 to 34"),
        "35_44": N_("35 to 44"),
        "45_54": N_("45 to 54"),
        "55_over": N_("55 or older"),
    },
    "job": {
        "student": N_("Student"),
        "employee": N_("Employee"),
        "civil_servant": N_("Civil servant"),
        "self_employed": N_("Self-employed"),
        "homemaker": N_("Homemaker"),
        "other": N_("Other occupation"),
        "none": N_("Not working"),
    },
    "customer_since": {
        "under_6_months": N_("Less than 6 months"),
        "6_12_months": N_("6 to 12 months"),
        "1_2_years": N_("1 to 2 years"),
        "over_2_years": N_("More than 2 years"),
    },
}
# Where survey answers and reviews came from.
SOURCES = {"link": N_("Link"), "file": N_("File"), "whatsapp": Text("WhatsApp")}
CHANNELS = {
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "sms": "SMS",
    "web": "Web",
}


def label(language: Language, key: str, /, **values: object) -> str:
    """The label of a key in the language. Raises KeyError for an unknown key."""
    return translate(language, LABELS[key], **values)


def named(names: Mapping[str, Text], key: str) -> Text | None:
    """The name of a key, or None. Keys in lower case also match in other case, since people type some of them."""
    return names.get(key) or names.get(key.lower())


def service_dimension(name: str, language: Language) -> str:
    """The name of a service dimension in the language; a shop's own dimension is shown as entered."""
    known = named(SERVICE_DIMENSIONS, name)
    return known.to(language) if known else name


def channel_name(channel: str) -> str:
    return CHANNELS.get(channel, channel)
