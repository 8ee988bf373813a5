"""Texts of the survey pages: dimensions, what respondents may tell of themselves, and errors."""

from __future__ import annotations

from warehouse.i18n import N_
from webhook.i18n import gettext as _

# Those of the e-SERVQUAL items; shops may name others, which are shown as they are.
DIMENSIONS = {
    "efficiency": N_("Efficiency"),
    "fulfilment": N_("Fulfilment"),
    "reliability": N_("Reliability"),
    "responsiveness": N_("Responsiveness"),
    "compensation": N_("Compensation"),
}

ABOUT = {
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
        "other": N_("Other work"),
        "none": N_("Not working"),
    },
    "customer_since": {
        "under_6_months": N_("Less than 6 months"),
        "6_12_months": N_("6 to 12 months"),
        "1_2_years": N_("1 to 2 years"),
        "over_2_years": N_("More than 2 years"),
    },
}
"""The stored values of each question about the respondent, with their labels."""

_PROBLEMS = {
    400: (N_("That didn't work"), N_("Go back, reload the page and try again. Cookies have to be allowed.")),
    404: (N_("No survey here"), N_("The link is incomplete, or the survey has not been opened yet.")),
    410: (N_("This survey has ended"), N_("Thank you for your interest. No more answers are taken.")),
    429: (N_("Too many requests"), N_("Too many requests. Wait a moment and try again.")),
    500: (N_("Something went wrong"), N_("An error on our side. It has been logged.")),
}


def dimension(name: str) -> str:
    return _(DIMENSIONS[name]) if name in DIMENSIONS else name


def problem(status: int) -> dict[str, str]:
    """The title and the sentence of an error page."""
    title, sentence = _PROBLEMS.get(status) or _PROBLEMS[400 if status < 500 else 500]
    return {"title": _(title), "sentence": _(sentence)}
