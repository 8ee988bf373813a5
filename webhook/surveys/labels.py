"""Texts of the survey pages: names of dimensions, and errors."""

from __future__ import annotations

from dashboards.words import SERVICE_DIMENSIONS, service_dimension
from warehouse.i18n import N_, languages
from webhook.i18n import gettext as _
from webhook.i18n import language

_PROBLEMS = {
    400: (N_("That didn't work"), N_("Go back, reload the page and try again. Cookies have to be allowed.")),
    404: (N_("No survey here"), N_("The link is incomplete, or the survey has not been opened yet.")),
    410: (N_("This survey has ended"), N_("Thank you for your interest. The survey no longer takes answers.")),
    429: (N_("Too many requests"), N_("Too many requests. Wait a moment and try again.")),
    500: (N_("Something went wrong"), N_("An error on our side. It has been logged.")),
}


def dimension(name: str) -> str:
    """The name in the reader's language if it is one of e-SERVQUAL, else as it is."""
    return service_dimension(name, language())


def dimension_meant(text: str) -> str:
    """The key of the dimension of e-SERVQUAL that a text names in any language; else the text, the shop's own."""
    for key, title in SERVICE_DIMENSIONS.items():
        if text.casefold() in {key, *(title.to(each).casefold() for each in languages())}:
            return key
    return text


def dimensions() -> list[str]:
    """The names of those of e-SERVQUAL in the reader's language."""
    return [dimension(key) for key in SERVICE_DIMENSIONS]


def problem(status: int) -> dict[str, str]:
    """The title and the sentence of an error page."""
    title, sentence = _PROBLEMS.get(status) or _PROBLEMS[400 if status < 500 else 500]
    return {"title": _(title), "sentence": _(sentence)}
