"""What the bot decided and why, in the words of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webhook.inbox import words
from webhook.inbox.words import Language

# What a step's details may hold that says something to people; ids and scores by which it was found stay in the table.
_SHOWN = ("intent", "order", "orders", "rule", "word", "words", "document", "model", "failure", "satisfied_share")


def step_name(name: str, language: Language) -> str:
    return _known(language, f"step_{name}", name)


def outcome(name: str, language: Language) -> str:
    return words.say(language, f"outcome_{name}")


def reason(name: str | None, language: Language) -> str:
    """Why, of a step or of a handover; a reason without words of its own is shown as it is."""
    return _known(language, f"reason_{name}", name) if name else ""


def facts(details: Any) -> list[tuple[str, str]]:
    """What of a step's details is shown beside its reason."""
    if not isinstance(details, Mapping):
        return []
    return [(name, _text(details[name])) for name in _SHOWN if details.get(name) not in (None, "", [], {})]


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
    """A rated episode in a line: what it was like, and how it ended."""
    end = words.say(language, "neighbour_satisfied" if row.get("satisfied") else "neighbour_not_satisfied")
    told = [f"{name.replace('_', ' ')} {_text(value)}" for name, value in row.items() if name != "satisfied"]
    return f"{end}: {', '.join(told)}" if told else end


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
    return _known(language, f"failure_{code}", words.say(language, "failure_other", code=code or "?"))


def _known(language: Language, key: str, otherwise: str) -> str:
    return words.say(language, key) if words.knows(key) else otherwise.replace("_", " ")


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value)
    return f"{value:.2f}" if isinstance(value, float) else str(value)
