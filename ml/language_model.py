"""The language model: any OpenAI-compatible endpoint, asked once, with a time limit and a budget of tokens a day.

Every question is written down in `app.language_model_calls` with its outcome, tokens and time, and never with what was
said. Who asks must do without an answer: `LanguageModelAway` says why there is none.
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

# After so many failures in a row nobody waits for the model for a while: two hundred customers would each wait in full.
FAILURES_UNTIL_REST = 3
REST_SECONDS = 30.0
# Latin text has three to four characters a token; the smaller number keeps the budget on the safe side.
_CHARACTERS_PER_TOKEN = 3
# Whoever is refused at once pays nothing; of everything else nobody knows how far the model came.
_COST_NOTHING = frozenset({"budget", "resting", "refused", "rate_limited", "failed", "down"})


Away = Literal["slow", "down", "rate_limited", "refused", "failed", "rubbish", "empty", "budget", "resting"]
"""Why there is no answer."""


class LanguageModelAway(RuntimeError):
    """There is no answer."""

    def __init__(self, reason: Away) -> None:
        super().__init__(f"the language model gave no answer: {reason}")
        self.reason = reason


class _Answer(NamedTuple):
    text: str
    prompt_tokens: int
    completion_tokens: int

    def counted_as(self, estimate: _Answer) -> _Answer:
        """The same answer with the tokens of an estimate, if it names none."""
        return self if self.prompt_tokens or self.completion_tokens else estimate._replace(text=self.text)


class LanguageModel:
    """A model behind an address. `role` is whose connection writes the calls down. Safe for many threads."""

    def __init__(self, settings: Settings, role: Role = "bot") -> None:
        key = settings.openai_api_key
        self._settings = settings
        self._role: Role = role
        self._client = openai.OpenAI(
            # A server of one's own often wants no key, but the client does not start without one.
            api_key=key.get_secret_value() if key else "none",
            base_url=settings.openai_base_url,
            timeout=settings.openai_seconds,
            max_retries=0,
        )
        self._failures = 0
        self._rests_until = 0.0

    @classmethod
    def of(cls, settings: Settings, role: Role = "bot") -> LanguageModel | None:
        """The model that the settings name; None when they name neither a key nor an address."""
        return cls(settings, role) if settings.openai_api_key or settings.openai_base_url else None

    @property
    def name(self) -> str:
        return self._settings.openai_model

    def complete(self, purpose: str, system: str, user: str, store_id: str, max_tokens: int) -> str:
        """The model's answer, stripped. Takes `KABAR_OPENAI_SECONDS` at most. Raises LanguageModelAway."""
        started = time.monotonic()
        outcome, answer = "answered", _Answer("", 0, 0)
        try:
            self._require_a_chance(len(system) + len(user), max_tokens)
            # Where nobody says what an answer took, or none came although it was asked for, the estimate counts.
            answer = _Answer("", len(system + user) // _CHARACTERS_PER_TOKEN, max_tokens)
            answer = self._ask(system, user, max_tokens).counted_as(answer)
            if not answer.text:
                raise LanguageModelAway("empty")
        except LanguageModelAway as away:
            outcome = away.reason
            if outcome in _COST_NOTHING:
                answer = _Answer("", 0, 0)
            raise
        finally:
            self._remember(outcome)
            self._record(purpose, store_id, outcome, answer, time.monotonic() - started)
        return answer.text

    def _require_a_chance(self, characters: int, max_tokens: int) -> None:
        if time.monotonic() < self._rests_until:
            raise LanguageModelAway("resting")
        needed = characters // _CHARACTERS_PER_TOKEN + max_tokens
        if self.tokens_today() + needed > self._settings.openai_tokens_per_day:
            raise LanguageModelAway("budget")

    def tokens_today(self) -> int:
        """What was used since midnight UTC, by all shops."""
        with transaction(self._role, self._settings) as connection, connection.cursor() as cursor:
            cursor.execute(read_sql(_SQL / "language_model_tokens.sql"))
            return int(cursor.fetchone()[0])  # type: ignore[index]

    def _ask(self, system: str, user: str, max_tokens: int) -> _Answer:
        """The client's time limit is one of silence, and a server that drips bytes is never silent: so the question
        is asked by a thread of its own, and nobody waits for it longer than the limit."""
        box: list[_Answer | LanguageModelAway] = []
        asking = threading.Thread(target=lambda: box.append(self._answer(system, user, max_tokens)), daemon=True)
        asking.start()
        asking.join(self._settings.openai_seconds)
        if not box:
            raise LanguageModelAway("slow")
        if isinstance(box[0], LanguageModelAway):
            raise box[0]
        return box[0]

    def _answer(self, system: str, user: str, max_tokens: int) -> _Answer | LanguageModelAway:
        try:
            completion = self._client.chat.completions.create(
                model=self.name,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
                temperature=self._settings.openai_temperature,
                max_tokens=max_tokens,
            )
            return _read(completion)
        except Exception as error:
            return LanguageModelAway(_reason(error))

    def _remember(self, outcome: str) -> None:
        if outcome in ("slow", "down", "rate_limited", "failed"):
            self._failures += 1
            if self._failures >= FAILURES_UNTIL_REST:
                self._rests_until = time.monotonic() + REST_SECONDS
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
    """What came may be anything: a server that is none of OpenAI's answers in shapes of its own."""
    try:
        text = completion.choices[0].message.content
    except (AttributeError, IndexError, TypeError):
        raise LanguageModelAway("rubbish") from None
    if text is not None and not isinstance(text, str):
        raise LanguageModelAway("rubbish")
    usage = getattr(completion, "usage", None)
    return _Answer(
        (text or "").replace("\x00", "").strip(),
        _count(getattr(usage, "prompt_tokens", 0)),
        _count(getattr(usage, "completion_tokens", 0)),
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


def _reason(error: Exception) -> Away:
    if isinstance(error, LanguageModelAway):
        return error.reason
    reasons: tuple[tuple[type[Exception], Away], ...] = (
        (openai.APITimeoutError, "slow"),
        (openai.APIConnectionError, "down"),
        (openai.RateLimitError, "rate_limited"),
        (openai.APIResponseValidationError, "rubbish"),
        (json.JSONDecodeError, "rubbish"),
        (openai.InternalServerError, "failed"),
        (openai.APIStatusError, "refused"),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "failed")
