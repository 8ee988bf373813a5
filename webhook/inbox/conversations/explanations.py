"""What the bot decided and why, in the words of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warehouse import formats
from warehouse.i18n import Language, translate
from webhook.inbox.labels import label, label_or

# What a step's details may hold that says something to people; ids and scores by which it was found stay in the table.
_SHOWN = (
    "issues", "urgencies", "intents", "orders", "files", "angry_words", "language_model", "finding", "fallbacks",
    "comprehension", "satisfied_share",
)  # fmt: skip
# Of details that are words of ours: what the keys of their words in people's language begin with.
_WORDED = {
    "issues": "issue",
    "urgencies": "urgency",
    "intents": "reason",
    "language_model": "llm",
    "finding": "finding",
}


def step_name(name: str, language: Language) -> str:
    return _known(language, f"step_{name}", name)


def outcome(name: str, language: Language) -> str:
    return label(language, f"outcome_{name}")


def reason(name: str | None, language: Language) -> str:
    """Why, of a step or of a handover; a reason without words of its own is shown as it is."""
    return _known(language, f"reason_{name}", name) if name else ""


def why(step: Any, language: Language) -> str:
    """The reason of a step; of one that failed, the kind of fault, as it stands in the log."""
    if step.outcome == "failed":
        return label(language, "reason_fault", kind=step.reason or "?")
    return reason(step.reason, language)


def facts(details: Any, language: Language) -> list[tuple[str, str]]:
    """What of a step's details is shown beside its reason; nothing is said of what there is none of."""
    if not isinstance(details, Mapping):
        return []
    return [(name, _fact(name, details[name], language)) for name in _SHOWN if details.get(name)]


def neighbours(details: Any) -> list[Mapping[str, Any]]:
    """The rated episodes that a prediction rests on."""
    found = details.get("neighbours", []) if isinstance(details, Mapping) else []
    return [item for item in found if isinstance(item, Mapping)]


def passage_ids(details: Any) -> list[int]:
    """The ids of the passages that a step rests on, however it wrote them down."""
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
    """How far a message got; Twilio has finer words for what has not left yet."""
    known = {"accepted": "queued", "scheduled": "queued", "receiving": "sent", "received": "delivered"}
    return _known(language, f"delivery_{known.get(status, status)}", status)


def failure(code: str | None, language: Language) -> str:
    """Why a reply did not arrive: a code of Twilio's, or a word of ours."""
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
