"""What a chat completion says: text or calls of tools. Other servers than OpenAI's may send any shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_MAX_CALLS = 16
_OF_FUNCTION = ("name", "arguments")
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class Malformed(ValueError):
    """A completion of another shape."""


class ToolCall(NamedTuple):
    """`arguments`: text that should be a JSON object."""

    id: str
    name: str
    arguments: str


class Turn(NamedTuple):
    """What the model said. `text` is stripped, without thoughts that it wrote down, and empty if it only calls tools;
    token counts are 0 if the server does not count."""

    text: str
    calls: tuple[ToolCall, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def as_message(self) -> dict[str, Any]:
        """The message of the conversation that the results of its calls follow."""
        calls = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in self.calls
        ]
        return {"role": "assistant", "content": self.text or None, "tool_calls": calls}


def read(completion: Any) -> Turn:
    """Raises Malformed."""
    try:
        message = completion.choices[0].message
        text = message.content
    except (AttributeError, IndexError, TypeError):
        raise Malformed from None
    if text is not None and not isinstance(text, str):
        raise Malformed
    usage = getattr(completion, "usage", None)
    return Turn(
        _THOUGHT.sub("", _without_nul(text or "")).strip(),
        tuple(_calls(getattr(message, "tool_calls", None))),
        _count(getattr(usage, "prompt_tokens", 0)),
        _count(getattr(usage, "completion_tokens", 0)),
    )


def object_in(text: str) -> Any:
    """The JSON object in a text, which may have more around it. Raises ValueError."""
    found = _OBJECT.search(text)
    try:
        return json.loads(found[0] if found else text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _calls(given: Any) -> Iterator[ToolCall]:
    if given is not None and not isinstance(given, list):
        raise Malformed
    for number, call in enumerate((given or [])[:_MAX_CALLS]):
        function = getattr(call, "function", None)
        id_, name, arguments = (getattr(call, "id", None), *(getattr(function, key, None) for key in _OF_FUNCTION))
        if not isinstance(name, str) or not isinstance(arguments, str):
            raise Malformed
        is_named = isinstance(id_, str) and bool(id_)
        yield ToolCall(str(id_) if is_named else f"call_{number}", _without_nul(name), _without_nul(arguments))


def _without_nul(text: str) -> str:
    return text.replace("\x00", "")


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0
