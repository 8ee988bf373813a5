"""The client of an OpenAI-compatible language model, with a time limit and a daily budget of tokens.

Every call is logged in `app.language_model_calls` with outcome, tokens and time, without its text. Callers must work
without an answer, when LanguageModelUnavailable is raised.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any, Literal, NamedTuple

import openai
import psycopg2
import structlog

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
_COST_NOTHING = frozenset({"budget", "resting", "refused", "rate_limited", "failed", "down"})


Unavailable = Literal["slow", "down", "rate_limited", "refused", "failed", "rubbish", "empty", "budget", "resting"]
"""Why there is no answer."""


class LanguageModelUnavailable(RuntimeError):
    def __init__(self, reason: Unavailable) -> None:
        super().__init__(f"the language model gave no answer: {reason}")
        self.reason = reason


class _Answer(NamedTuple):
    text: str
    prompt_tokens: int
    completion_tokens: int

    def counted_as(self, estimate: _Answer) -> _Answer:
        """The answer, with the estimated tokens if it has no usage."""
        return self if self.prompt_tokens or self.completion_tokens else estimate._replace(text=self.text)


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
        self._failures = 0
        self._paused_until = 0.0

    @classmethod
    def of(cls, settings: Settings, role: Role = "bot") -> LanguageModel | None:
        """The configured model; None without a key or a base URL."""
        return cls(settings, role) if settings.openai_api_key or settings.openai_base_url else None

    @property
    def name(self) -> str:
        return self._settings.openai_model

    def complete(self, purpose: str, system: str, user: str, store_id: str, max_tokens: int) -> str:
        """The model's answer, stripped, within `KABAR_OPENAI_SECONDS`. Raises LanguageModelUnavailable."""
        started = time.monotonic()
        outcome, answer = "answered", _Answer("", 0, 0)
        try:
            self._check_limits(len(system) + len(user), max_tokens)
            # Counts if there is no answer, or one without usage.
            answer = _Answer("", len(system + user) // _CHARACTERS_PER_TOKEN, max_tokens)
            answer = self._ask(system, user, max_tokens).counted_as(answer)
            if not answer.text:
                raise LanguageModelUnavailable("empty")
        except LanguageModelUnavailable as error:
            outcome = error.reason
            if outcome in _COST_NOTHING:
                answer = _Answer("", 0, 0)
            raise
        finally:
            self._remember(outcome)
            self._record(purpose, store_id, outcome, answer, time.monotonic() - started)
        return answer.text

    def _check_limits(self, characters: int, max_tokens: int) -> None:
        if time.monotonic() < self._paused_until:
            raise LanguageModelUnavailable("resting")
        needed = characters // _CHARACTERS_PER_TOKEN + max_tokens
        if self.tokens_today() + needed > self._settings.openai_tokens_per_day:
            raise LanguageModelUnavailable("budget")

    def tokens_today(self) -> int:
        """The tokens used since midnight UTC, by all shops."""
        with transaction(self._role, self._settings) as connection, connection.cursor() as cursor:
            cursor.execute(read_sql(_SQL / "language_model_tokens.sql"))
            return int(cursor.fetchone()[0])  # type: ignore[index]

    def _ask(self, system: str, user: str, max_tokens: int) -> _Answer:
        """Ask in a thread with a total time limit: the client's own limit only applies to silence between bytes."""
        box: list[_Answer | LanguageModelUnavailable] = []
        asking = threading.Thread(target=lambda: box.append(self._answer(system, user, max_tokens)), daemon=True)
        asking.start()
        asking.join(self._settings.openai_seconds)
        if not box:
            raise LanguageModelUnavailable("slow")
        if isinstance(box[0], LanguageModelUnavailable):
            raise box[0]
        return box[0]

    def _answer(self, system: str, user: str, max_tokens: int) -> _Answer | LanguageModelUnavailable:
        try:
            completion = self._client.chat.completions.create(
                model=self.name,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
                temperature=self._settings.openai_temperature,
                max_tokens=max_tokens,
            )
            return _read(completion)
        except Exception as error:
            return LanguageModelUnavailable(_reason(error))

    def _remember(self, outcome: str) -> None:
        if outcome in ("slow", "down", "rate_limited", "failed"):
            self._failures += 1
            if self._failures >= FAILURES_UNTIL_PAUSE:
                self._paused_until = time.monotonic() + PAUSE_SECONDS
        elif outcome not in ("resting", "budget"):
            self._failures = 0

    def _record(self, purpose: str, store_id: str, outcome: str, answer: _Answer, seconds: float) -> None:
        row = {
            "store_id": store_id,
            "purpose": purpose,
            "model": self.name,
            "outcome": outcome,
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": answer.completion_tokens,
            "milliseconds": round(seconds * 1000),
        }
        _log.info("language_model_asked", **row)
        try:
            with transaction(self._role, self._settings) as connection, connection.cursor() as cursor:
                cursor.execute(read_sql(_SQL / "save_language_model_call.sql"), row)
        except psycopg2.Error as error:
            _log.error("language_model_call_not_recorded", kind=type(error).__name__)


def _read(completion: Any) -> _Answer:
    """Parse a completion; other servers than OpenAI's may send any shape."""
    try:
        text = completion.choices[0].message.content
    except (AttributeError, IndexError, TypeError):
        raise LanguageModelUnavailable("rubbish") from None
    if text is not None and not isinstance(text, str):
        raise LanguageModelUnavailable("rubbish")
    usage = getattr(completion, "usage", None)
    return _Answer(
        (text or "").replace("\x00", "").strip(),
        _count(getattr(usage, "prompt_tokens", 0)),
        _count(getattr(usage, "completion_tokens", 0)),
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


def _reason(error: Exception) -> Unavailable:
    if isinstance(error, LanguageModelUnavailable):
        return error.reason
    reasons: tuple[tuple[type[Exception], Unavailable], ...] = (
        (openai.APITimeoutError, "slow"),
        (openai.APIConnectionError, "down"),
        (openai.RateLimitError, "rate_limited"),
        (openai.APIResponseValidationError, "rubbish"),
        (json.JSONDecodeError, "rubbish"),
        (openai.InternalServerError, "failed"),
        (openai.APIStatusError, "refused"),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "failed")
