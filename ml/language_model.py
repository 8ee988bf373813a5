"""The client of an OpenAI-compatible language model, with a time limit and a daily budget of tokens.

Every call is logged in `app.language_model_calls` with outcome, tokens and time, without its text. Callers must work
without an answer, when LanguageModelUnavailable is raised.
"""

from __future__ import annotations

import copy
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import openai
import psycopg2
import structlog

from ml.completions import Malformed, Turn, read
from warehouse.connection import read_sql, transaction
from warehouse.settings import Role, Settings

_SQL = Path(__file__).parent / "sql"
_log = structlog.get_logger()

# After several failures in a row calls fail at once for a while, so that not every customer waits for the time limit.
FAILURES_UNTIL_PAUSE = 3
PAUSE_SECONDS = 30.0
# Latin text has three to four characters per token.
_CHARACTERS_PER_TOKEN = 3
# Outcomes without cost. After any other the model may have used tokens.
_COST_NOTHING = frozenset({"budget", "resting", "late", "refused", "rate_limited", "failed", "down"})
# What a server answers if it does not know a parameter, or the model cannot do what it asks for.
_NOT_SUPPORTED = (400, 404, 422)

Unavailable = Literal[
    "slow", "late", "down", "rate_limited", "refused", "failed", "rubbish", "empty", "budget", "resting"
]
"""Why there is no answer. `late`: earlier calls of the exchange have used up its time."""
Message = Mapping[str, Any]


class LanguageModelUnavailable(RuntimeError):
    def __init__(self, reason: Unavailable) -> None:
        super().__init__(f"the language model gave no answer: {reason}")
        self.reason = reason


class ToolsNotSupported(LanguageModelUnavailable):
    """The endpoint refuses requests with tools. It may answer without."""

    def __init__(self) -> None:
        super().__init__("refused")


class Call(NamedTuple):
    """A call as it is logged."""

    purpose: str
    outcome: str
    tokens: int
    milliseconds: int


@dataclass
class _Health:
    """What is known of the endpoint. `refused`: combinations of optional parameters."""

    failures: int = 0
    paused_until: float = 0.0
    refused: set[frozenset[str]] = field(default_factory=set)


class LanguageModel:
    """`role` logs the calls. Thread-safe."""

    def __init__(self, settings: Settings, role: Role = "bot") -> None:
        key = settings.openai_api_key
        self._settings = settings
        self._role: Role = role
        self._client = openai.OpenAI(
            # The client requires a key, but self-hosted servers often do not.
            api_key=key.get_secret_value() if key else "none",
            base_url=settings.openai_base_url,
            timeout=settings.openai_seconds,
            max_retries=0,
        )
        self._health = _Health()
        self._deadline: float | None = None
        self._calls: list[Call] | None = None

    @classmethod
    def of(cls, settings: Settings, role: Role = "bot") -> LanguageModel | None:
        """The configured model; None without a key or a base URL."""
        return cls(settings, role) if settings.openai_api_key or settings.openai_base_url else None

    @property
    def name(self) -> str:
        return self._settings.openai_model

    def for_exchange(self) -> Self:
        """The same model for one exchange: all its calls together have `KABAR_OPENAI_SECONDS` from now on."""
        found = copy.copy(self)
        found._deadline = time.monotonic() + self._settings.openai_seconds
        found._calls = []
        return found

    @property
    def calls(self) -> Sequence[Call]:
        """The calls of an exchange so far."""
        return tuple(self._calls or ())

    def complete(self, purpose: str, system: str, user: str, store_id: str, max_tokens: int) -> str:
        """The model's answer, stripped, within `KABAR_OPENAI_SECONDS`. Raises LanguageModelUnavailable."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        return self._call(purpose, messages, store_id, max_tokens, {}).text

    def chat(
        self,
        purpose: str,
        messages: Sequence[Message],
        store_id: str,
        max_tokens: int,
        tools: Sequence[Mapping[str, Any]] = (),
        response_format: Mapping[str, Any] | None = None,
        may_call: bool = True,
    ) -> Turn:
        """What the model says next: text, or calls of `tools`, which must be run and answered. An endpoint that refuses
        `response_format` is asked without it. Raises ToolsNotSupported and LanguageModelUnavailable."""
        with_tools = {"tools": list(tools), "tool_choice": "auto" if may_call else "none"} if tools else {}
        for options in self._not_refused(with_tools, response_format):
            try:
                return self._call(purpose, messages, store_id, max_tokens, options)
            except _RequestRefused:
                self._health.refused.add(frozenset(options))
        if tools:
            raise ToolsNotSupported
        # Without any option it is refused too, so the options are not at fault.
        self._health.refused.clear()
        raise LanguageModelUnavailable("refused")

    def _not_refused(
        self, with_tools: Mapping[str, Any], response_format: Mapping[str, Any] | None
    ) -> Iterator[dict[str, Any]]:
        """The options to try, the best first."""
        of_format = {"response_format": response_format} if response_format else {}
        every = [{**with_tools, **of_format}, {**with_tools}] if of_format else [{**with_tools}]
        for options in every:
            if frozenset(options) not in self._health.refused:
                yield options

    def _call(
        self, purpose: str, messages: Sequence[Message], store_id: str, max_tokens: int, options: Mapping[str, Any]
    ) -> Turn:
        started = time.monotonic()
        outcome, turn = "answered", Turn("")
        written = len(json.dumps([*messages, options], ensure_ascii=False)) if options else _length(messages)
        try:
            self._check_limits(written, max_tokens)
            # Counts if there is no answer, or one without usage.
            estimate = turn = Turn("", (), written // _CHARACTERS_PER_TOKEN, max_tokens)
            turn = _counted(self._ask(messages, max_tokens, options), estimate)
            if not turn.text and not turn.calls:
                raise LanguageModelUnavailable("empty")
        except LanguageModelUnavailable as error:
            outcome = error.reason
            if outcome in _COST_NOTHING:
                turn = Turn("")
            raise
        finally:
            self._remember(outcome)
            self._record(purpose, store_id, outcome, turn, time.monotonic() - started)
        return turn

    def _check_limits(self, characters: int, max_tokens: int) -> None:
        if time.monotonic() < self._health.paused_until:
            raise LanguageModelUnavailable("resting")
        if self._seconds_left() <= 0:
            raise LanguageModelUnavailable("late")
        needed = characters // _CHARACTERS_PER_TOKEN + max_tokens
        if self.tokens_today() + needed > self._settings.openai_tokens_per_day:
            raise LanguageModelUnavailable("budget")

    def _seconds_left(self) -> float:
        if self._deadline is None:
            return self._settings.openai_seconds
        return self._deadline - time.monotonic()

    def tokens_today(self) -> int:
        """The tokens used since midnight UTC, by all shops."""
        with transaction(self._role, self._settings) as connection, connection.cursor() as cursor:
            cursor.execute(read_sql(_SQL / "language_model_tokens.sql"))
            return int(cursor.fetchone()[0])  # type: ignore[index]

    def _ask(self, messages: Sequence[Message], max_tokens: int, options: Mapping[str, Any]) -> Turn:
        """Ask in a thread with a total time limit: the client's own limit only applies to silence between bytes."""
        box: list[Turn | LanguageModelUnavailable] = []
        asking = threading.Thread(target=lambda: box.append(self._answer(messages, max_tokens, options)), daemon=True)
        asking.start()
        asking.join(max(self._seconds_left(), 0))
        if not box:
            raise LanguageModelUnavailable("slow")
        if isinstance(box[0], LanguageModelUnavailable):
            raise box[0]
        return box[0]

    def _answer(
        self, messages: Sequence[Message], max_tokens: int, options: Mapping[str, Any]
    ) -> Turn | LanguageModelUnavailable:
        try:
            completion: Any = self._client.chat.completions.create(
                model=self.name,
                messages=list(messages),  # type: ignore[arg-type]
                temperature=self._settings.openai_temperature,
                max_tokens=max_tokens,
                **options,
            )
            return read(completion)
        except openai.APIStatusError as error:
            if error.status_code in _NOT_SUPPORTED:
                return _RequestRefused("refused")
            return LanguageModelUnavailable(_reason(error))
        except Exception as error:
            return LanguageModelUnavailable(_reason(error))

    def _remember(self, outcome: str) -> None:
        health = self._health
        if outcome in ("slow", "down", "rate_limited", "failed"):
            health.failures += 1
            if health.failures >= FAILURES_UNTIL_PAUSE:
                health.paused_until = time.monotonic() + PAUSE_SECONDS
        elif outcome not in ("resting", "late", "budget"):
            health.failures = 0

    def _record(self, purpose: str, store_id: str, outcome: str, turn: Turn, seconds: float) -> None:
        row = {
            "store_id": store_id,
            "purpose": purpose,
            "model": self.name,
            "outcome": outcome,
            "prompt_tokens": turn.prompt_tokens,
            "completion_tokens": turn.completion_tokens,
            "milliseconds": round(seconds * 1000),
        }
        if self._calls is not None:
            self._calls.append(
                Call(purpose, outcome, turn.prompt_tokens + turn.completion_tokens, round(seconds * 1000))
            )
        _log.info("language_model_asked", **row)
        try:
            with transaction(self._role, self._settings) as connection, connection.cursor() as cursor:
                cursor.execute(read_sql(_SQL / "save_language_model_call.sql"), row)
        except psycopg2.Error as error:
            _log.error("language_model_call_not_recorded", kind=type(error).__name__)


class _RequestRefused(LanguageModelUnavailable):
    """The request was refused, maybe for one of its optional parameters."""


def _length(messages: Sequence[Message]) -> int:
    return sum(len(str(message["content"])) for message in messages)


def _counted(turn: Turn, estimate: Turn) -> Turn:
    """The turn, with the estimated tokens if it has no usage."""
    if turn.prompt_tokens or turn.completion_tokens:
        return turn
    return Turn(turn.text, turn.calls, estimate.prompt_tokens, estimate.completion_tokens)


def _reason(error: Exception) -> Unavailable:
    reasons: tuple[tuple[type[Exception], Unavailable], ...] = (
        (openai.APITimeoutError, "slow"),
        (openai.APIConnectionError, "down"),
        (openai.RateLimitError, "rate_limited"),
        (openai.APIResponseValidationError, "rubbish"),
        (json.JSONDecodeError, "rubbish"),
        (Malformed, "rubbish"),
        (openai.InternalServerError, "failed"),
        (openai.APIStatusError, "refused"),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "failed")
