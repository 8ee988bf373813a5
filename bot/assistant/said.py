"""What the language model replies: statements with their sources, a question, or that a person should answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from ml.completions import object_in

HandOver = Literal["customer_asked", "needs_person"]
MAX_STATEMENTS: Final = 8
MAX_TEXT: Final = 1_000

_STRING = {"type": "string"}
_STATEMENT = {
    "type": "object",
    "properties": {"text": _STRING, "source": _STRING, "quote": _STRING},
    "required": ["text", "source", "quote"],
    "additionalProperties": False,
}


def response_format(name: str, **properties: Any) -> Mapping[str, Any]:
    """The format of replies with `statements` and other properties, as the API takes it."""
    every = {"statements": {"type": "array", "items": _STATEMENT}, **properties}
    schema = {"type": "object", "properties": every, "required": [*every], "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


REPLY: Final = response_format(
    "reply",
    question={"type": ["string", "null"]},
    hand_over={"type": ["string", "null"], "enum": ["customer_asked", "needs_person", None]},
)

_PEOPLE = (
    r"(?:tim|admin|cs|agen|customer service|petugas|staf|rekan|manusia|atasan|orang|team|agent|human|person|"
    r"representative|colleagues?|staff|someone|supervisor|specialist|manager)"
)
_PROMISES = re.compile(
    # "saya teruskan ke tim kami", "tim kami akan menghubungi", "nanti dibantu admin"
    rf"\b(?:di|me[mn]y?|ku)?(?:sambungk|hubungk|terusk|alihk|serahk|panggilk|sampaik|tanyak|operk)an\b[^.!?\n]{{0,50}}"
    rf"\b{_PEOPLE}(?:nya)?\b"
    rf"|\b{_PEOPLE}\b[^.!?\n]{{0,30}}\b(?:akan|segera|bakal)\b[^.!?\n]{{0,30}}"
    r"\b(?:meng)?(?:hubungi|balas|membalas|bantu|membantu|cek|mengecek|jawab|menjawab|tindak)"
    rf"|\b(?:connect|transfer|forward|pass|put|hand|escalat|redirect|refer|rout|bring)(?:e|ing|ting)?\s+"
    rf"(?:you|this|it|that|your|the)\b[^.!?\n]{{0,50}}\b{_PEOPLE}\b"
    rf"|\b(?:be|being)\s+(?:connected|transferred|forwarded|escalated|redirected|contacted)\b"
    rf"|\b(?:ask|check with|get)\s+(?:our|my|the|a|an|someone)\b[^.!?\n]{{0,15}}\b{_PEOPLE}\b"
    rf"|\b{_PEOPLE}\b[^.!?\n]{{0,30}}\b(?:will|is going to)\b[^.!?\n]{{0,20}}"
    r"\b(?:contact|reach|get back|reply|help|assist|be with|follow up|take over|check|call|respond|answer)",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """The reply is not of the form that was asked for."""


class Statement(BaseModel):
    """`source`: the id of the source that says it; `quote`: its words."""

    text: str = Field(max_length=MAX_TEXT)
    source: str = ""
    quote: str = ""


class Said(BaseModel):
    """What the model said: statements, a question or why a person should answer; nothing if it has no answer."""

    statements: list[Statement] = Field(default=[], max_length=MAX_STATEMENTS)
    question: str | None = Field(default=None, max_length=MAX_TEXT)
    hand_over: str | None = None

    @property
    def wants_person(self) -> HandOver | None:
        """Why a person should answer; also if the text promises one where the shop's own words do not."""
        if self.hand_over:
            return "customer_asked" if self.hand_over == "customer_asked" else "needs_person"
        texts = [each.text for each in self.statements if not promises_person(each.quote)]
        return "needs_person" if any(map(promises_person, [*texts, self.question or ""])) else None


def read(text: str) -> Said:
    """The reply in a text, which may have more around the JSON. Raises Unreadable."""
    try:
        return Said.model_validate(object_in(text))
    except ValueError:
        if promises_person(text):
            return Said(hand_over="needs_person")
        raise Unreadable from None


def promises_person(text: str) -> bool:
    """Whether a text says that a person will answer."""
    return bool(_PROMISES.search(text))
