"""Explains the bot's decisions in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warehouse import formats
from warehouse.i18n import Language, translate
from webhook.inbox.labels import label, label_or

# The details of a step that are shown; ids and scores are not.
_SHOWN = (
    "issues", "urgencies", "intents", "lookups", "orders", "files", "angry_words", "language_model", "finding",
    "tokens", "judge_tokens", "judge_seconds", "fallbacks", "comprehension", "satisfied_share",
)  # fmt: skip
# Details whose values have labels, and the prefix of the labels' keys.
_WORDED = {
    "issues": "issue",
    "urgencies": "urgency",
    "intents": "reason",
    "lookups": "lookup",
    "language_model": "llm",
    "finding": "finding",
}


def step_name(name: str, language: Language) -> str:
    return _known(language, f"step_{name}", name)


def outcome(name: str, language: Language) -> str:
    return label(language, f"outcome_{name}")


def reason(name: str | None, language: Language) -> str:
    """The reason of a step or handover. Reasons without a label are shown unchanged."""
    return _known(language, f"reason_{name}", name) if name else ""


def why(step: Any, language: Language) -> str:
    """The reason of a step; for a failed one, the kind of error as in the log."""
    if step.outcome == "failed":
        return label(language, "reason_fault", kind=step.reason or "?")
    return reason(step.reason, language)


def facts(details: Any, language: Language) -> list[tuple[str, str]]:
    """The details shown beside the reason of a step. Empty ones are left out."""
    if not isinstance(details, Mapping):
        return []
    return [(name, _fact(name, details[name], language)) for name in _SHOWN if details.get(name)]


def neighbours(details: Any) -> list[Mapping[str, Any]]:
    """The rated episodes that a prediction is based on."""
    found = details.get("neighbours", []) if isinstance(details, Mapping) else []
    return [item for item in found if isinstance(item, Mapping)]


def passage_ids(details: Any) -> list[int]:
    """The ids of the passages that a step used, in any of the stored forms."""
    named = details.get("passages", []) if isinstance(details, Mapping) else []
    found = [item.get("id", item.get("passage_id")) if isinstance(item, Mapping) else item for item in named]
    return [item for item in found if isinstance(item, int)]


def neighbour(row: Mapping[str, Any], language: Language) -> str:
    """How a rated episode ended, and how unlike this one it was."""
    distance = _text(row.get("distance", "?"), language)
    if row.get("satisfied"):
        return translate(language, "satisfied (distance {distance})", distance=distance)
    return translate(language, "not satisfied (distance {distance})", distance=distance)


def template_text(reply: Any) -> str | None:
    """A template with its variables filled in."""
    text: str | None = reply.template_body
    for name, value in (reply.content_variables or {}).items():
        text = text.replace("{{" + name + "}}", str(value)) if text else None
    return text


def delivery(status: str, language: Language) -> str:
    """The delivery status of a message. Some of Twilio's statuses are shown as one."""
    known = {"accepted": "queued", "scheduled": "queued", "receiving": "sent", "received": "delivered"}
    return _known(language, f"delivery_{known.get(status, status)}", status)


def failure(code: str | None, language: Language) -> str:
    """Why a reply did not arrive: an error code of Twilio's, or our own."""
    return _known(
        language,
        f"failure_{code}",
        translate(language, "WhatsApp rejected this message (code {code}).", code=code or "?"),
    )


def _known(language: Language, key: str, otherwise: str) -> str:
    return label_or(language, key, otherwise.replace("_", " "))


def _fact(name: str, value: Any, language: Language) -> str:
    if (kind := _WORDED.get(name)) is None:
        return _text(value, language)
    values = dict.fromkeys(value if isinstance(value, list) else [value])
    return ", ".join(_known(language, f"{kind}_{each}", str(each)) for each in values)


def _text(value: Any, language: Language) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_text(item, language) for item in value)
    return formats.decimal(value, language, places=2) if isinstance(value, float) else str(value)
