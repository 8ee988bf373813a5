"""A stand-in of an OpenAI-compatible endpoint that checks what the original checks, answers as told, and fails as told.

The protocol itself is tried with a real server and a real model, see `tests/support/small_model.py`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from demo import http_server

Answer = Callable[[str, str], str | None]
"""What to say to (system, user)."""
_SLOW_SECONDS = 60.0


def problem(path: str, authorization: str | None, key: str, body: Any) -> tuple[int, str] | None:
    """What the original refuses a request for, as (status, message)."""
    if authorization != f"Bearer {key}":
        return 401, "Incorrect API key provided"
    if path != "/v1/chat/completions":
        return 404, f"Invalid URL (POST {path})"
    if not isinstance(body, dict) or not isinstance(body.get("model"), str):
        return 400, "you must provide a model parameter"
    unknown = set(body) - {"model", "messages", "temperature", "max_tokens"}
    if unknown:
        return 400, f"Unrecognized request arguments supplied: {sorted(unknown)}"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return 400, "'messages' must be a non-empty list"
    if any(
        set(each) != {"role", "content"}
        or each["role"] not in ("system", "user")
        or not isinstance(each["content"], str)
        for each in messages
    ):
        return 400, "Invalid 'messages'"
    if not 0 <= body.get("temperature", 1) <= 2 or not 0 < body.get("max_tokens", 1) <= 16_384:
        return 400, "a number is out of range"
    return None


class _Handler(http_server.Handler):
    stand_in: OpenAIStandIn

    def respond(self) -> None:
        body = json.loads(self.body())
        self.stand_in.requests.append(body)
        refused = problem(self.path, self.headers.get("Authorization"), self.stand_in.key, body)
        fault = self.stand_in.fault
        if refused:
            self._send(refused[0], {"error": {"message": refused[1]}})
        elif fault and fault.isdigit():
            self._send(int(fault), {"error": {"message": "not now"}})
        elif fault:
            getattr(self, f"_{fault}")()
        else:
            self._send(200, self._completion(body))

    def _completion(self, body: dict[str, Any]) -> dict[str, Any]:
        system, user = (message["content"] for message in body["messages"])
        text = self.stand_in.answer(system, user)
        message = {"role": "assistant", "content": text, "refusal": None}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }

    def _slow(self) -> None:
        self.stand_in.closed.wait(_SLOW_SECONDS)
        self.close_connection = True

    def _drip(self) -> None:
        """Never silent, never done."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        until = time.monotonic() + _SLOW_SECONDS
        while time.monotonic() < until and not self.stand_in.closed.wait(0.1):
            try:
                self.wfile.write(b" ")
                self.wfile.flush()
            except OSError:
                return
        self.close_connection = True

    def _rubbish(self) -> None:
        self.write(200, "application/json", b"<html>502 Bad Gateway</html> {")

    def _odd(self) -> None:
        self._send(200, {"choices": "none", "usage": [1]})

    def _cut(self) -> None:
        self.write(200, "application/json", b'{"choices": [' + b" " * 1000, cut=13)

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self.write(status, "application/json", json.dumps(body).encode())


@dataclass
class OpenAIStandIn(http_server.HttpStandIn):
    """As a context manager it listens on loopback. `answer` says what is answered; `fault` is a status such as `429`,
    `slow` (one long silence), `drip` (a byte now and then), `rubbish` (no JSON), `odd` (JSON of another shape) or
    `cut`. The slow ones take far longer than anybody who has a limit waits for, and end with the stand-in."""

    handler = _Handler
    key: str = "a key for tests only"
    answer: Answer = lambda system, user: "ok"
    fault: str | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.closed.clear()
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        self.closed.set()
        super().__exit__(*error)

    @property
    def url(self) -> str:
        return f"{super().url}/v1"

    @property
    def environment(self) -> dict[str, str]:
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": self.key, "OPENAI_MODEL": "stand-in"}
