"""What OpenAI's API refuses a request of chat completions for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

_KNOWN = {"model", "messages", "temperature", "max_tokens", "tools", "tool_choice", "response_format"}
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KEYS = {
    "system": {"role", "content"},
    "user": {"role", "content"},
    "assistant": {"role", "content", "tool_calls"},
    "tool": {"role", "content", "tool_call_id"},
}


def problem(
    path: str, authorization: str | None, key: str, body: Any, unsupported: frozenset[str] = frozenset()
) -> tuple[int, str] | None:
    """Why a request is refused, as (status, message). `unsupported`: parameters that a smaller server does not know."""
    if authorization != f"Bearer {key}":
        return 401, "Incorrect API key provided"
    if path != "/v1/chat/completions":
        return 404, f"Invalid URL (POST {path})"
    if not isinstance(body, dict) or not isinstance(body.get("model"), str):
        return 400, "you must provide a model parameter"
    if unknown := (set(body) - _KNOWN) | (set(body) & unsupported):
        return 400, f"Unrecognized request arguments supplied: {sorted(unknown)}"
    if not 0 <= body.get("temperature", 1) <= 2 or not 0 < body.get("max_tokens", 1) <= 16_384:
        return 400, "a number is out of range"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return 400, "'messages' must be a non-empty list"
    found = next((each for each in (*_in_messages(messages), *_in_tools(body), *_in_format(body))), None)
    return (400, found) if found else None


def _in_messages(messages: list[Any]) -> Iterator[str]:
    if malformed := [message for message in messages if not _is_message(message)]:
        yield f"Invalid message: {malformed[0]}"
        return
    open_calls: list[str] = []
    for message in messages:
        if message["role"] == "tool" and message["tool_call_id"] not in open_calls:
            yield "'tool_call_id' not found in 'tool_calls' of previous message"
        elif message["role"] == "tool":
            open_calls.remove(message["tool_call_id"])
        elif open_calls:
            yield "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
        elif "tool_calls" in message:
            yield from _in_calls(message["tool_calls"])
            open_calls = [call["id"] for call in message["tool_calls"]]
    if open_calls:
        yield f"The following tool_call_ids did not have response messages: {open_calls}"


def _is_message(message: Any) -> bool:
    role = message.get("role") if isinstance(message, dict) else None
    if role not in _KEYS or set(message) - _KEYS[role] or (_KEYS[role] - {"tool_calls"}) - set(message):
        return False
    return isinstance(message["content"], str) or (message["content"] is None and bool(message.get("tool_calls")))


def _in_calls(calls: Any) -> Iterator[str]:
    if not isinstance(calls, list) or not calls:
        yield "'tool_calls' must be a non-empty list"
        return
    for call in calls:
        if set(call) != {"id", "type", "function"} or call["type"] != "function":
            yield "Invalid tool call"
        elif set(call["function"]) != {"name", "arguments"} or not isinstance(call["function"]["arguments"], str):
            yield "Invalid function of a tool call"
    if len({call["id"] for call in calls}) < len(calls):
        yield "Duplicate tool call ids"


def _in_tools(body: dict[str, Any]) -> Iterator[str]:
    if "tools" not in body:
        if "tool_choice" in body:
            yield "'tool_choice' is only allowed when 'tools' are specified"
        return
    if not isinstance(body["tools"], list) or not body["tools"]:
        yield "'tools' must be a non-empty list"
        return
    if body.get("tool_choice", "auto") not in ("auto", "none", "required"):
        yield "Invalid 'tool_choice'"
    for tool in body["tools"]:
        function = tool.get("function", {})
        if set(tool) != {"type", "function"} or not _NAME.fullmatch(function.get("name", "")):
            yield "Invalid tool"
        elif function.get("strict"):
            yield from _in_schema(function.get("parameters"))


def _in_format(body: dict[str, Any]) -> Iterator[str]:
    given = body.get("response_format")
    if given is None:
        return
    named = given.get("json_schema", {})
    if given.get("type") != "json_schema" or not _NAME.fullmatch(named.get("name", "")):
        yield "Invalid 'response_format'"
    else:
        yield from _in_schema(named.get("schema"))


def _in_schema(schema: Any) -> Iterator[str]:
    """A strict schema lists all properties of objects as required and allows no others."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield f"Invalid schema: {error.message}"
        return
    pending = [schema]
    while pending:
        part = pending.pop()
        if not isinstance(part, dict):
            continue
        if part.get("type") == "object":
            properties = part.get("properties", {})
            if part.get("additionalProperties") is not False or set(part.get("required", ())) != set(properties):
                yield "Invalid schema: 'additionalProperties' must be false and all properties required"
            pending += properties.values()
        pending += [part["items"]] if "items" in part else []
