"""A stand-in of an OpenAI-compatible endpoint that checks what the original checks, answers as told, and fails as told.

The protocol itself is tried with a real server and a real model, see `tests/support/small_model.py`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from demo import http_server
from tests.support import openai_rules

Answer = Callable[[str, str], str | None]
"""What to say to (system, user)."""
Call = tuple[str, Any]
"""The name of a tool, and its arguments, which are text or become JSON."""
Next = Callable[[dict[str, Any]], str | Sequence[Call] | None]
"""What to say to the body of a request: text, or calls of its tools."""
_SLOW_SECONDS = 60.0


class _Handler(http_server.Handler):
    stand_in: OpenAIStandIn

    def respond(self) -> None:
        body = json.loads(self.body())
        self.stand_in.requests.append(body)
        authorization = self.headers.get("Authorization")
        refused = openai_rules.problem(self.path, authorization, self.stand_in.key, body, self.stand_in.unknown)
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
        said = self.stand_in.say(body)
        is_text = said is None or isinstance(said, str)
        message: dict[str, Any] = {"role": "assistant", "content": said if is_text else None, "refusal": None}
        if not is_text:
            message["tool_calls"] = [self._call(*call) for call in said or ()]
        reason = "stop" if is_text else "tool_calls"
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }

    def _call(self, name: str, arguments: Any) -> dict[str, Any]:
        self.stand_in.made_calls += 1
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        return {
            "id": f"call_{self.stand_in.made_calls}",
            "type": "function",
            "function": {"name": name, "arguments": text},
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

    def _odd_calls(self) -> None:
        message = {"role": "assistant", "content": None, "tool_calls": [{"id": 7, "function": {"name": ["x"]}}]}
        self._send(200, {"choices": [{"message": message}]})

    def _cut(self) -> None:
        self.write(200, "application/json", b'{"choices": [' + b" " * 1000, cut=13)

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self.write(status, "application/json", json.dumps(body).encode())


@dataclass
class OpenAIStandIn(http_server.HttpStandIn):
    """As a context manager it listens on loopback. `answer` says what is answered to a system and a user message;
    `converse`, if there is one, to what is no request to judge. `unknown`: parameters that it refuses, as small servers
    do. `fault` is a status such as `429`, `slow` (one long silence), `drip` (a byte now and then), `rubbish` (no JSON),
    `odd` (JSON of another shape), `odd_calls` or `cut`. The slow ones take far longer than anybody who has a limit
    waits for, and end with the stand-in."""

    handler = _Handler
    key: str = "a key for tests only"
    answer: Answer = lambda system, user: "ok"
    converse: Next | None = None
    unknown: frozenset[str] = frozenset()
    fault: str | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    made_calls: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.closed.clear()
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        self.closed.set()
        super().__exit__(*error)

    def say(self, body: dict[str, Any]) -> str | Sequence[Call] | None:
        system, user = (message["content"] for message in body["messages"][:2])
        if self.converse is None or is_judging(body):
            return self.answer(system, user)
        return self.converse(body)

    @property
    def url(self) -> str:
        return f"{super().url}/v1"

    @property
    def environment(self) -> dict[str, str]:
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": self.key, "OPENAI_MODEL": "stand-in"}


def is_judging(body: dict[str, Any]) -> bool:
    """Whether a request asks to judge a statement."""
    try:
        return "statement" in json.loads(body["messages"][1]["content"])
    except ValueError:
        return False
