"""`python -m bot chat`: a trial conversation in a terminal, or as lines of JSON for programs."""

from __future__ import annotations

import json
import readline  # noqa: F401 - editing and history for input()
import sys
from contextlib import suppress
from typing import Any

from rich.console import Console
from rich.text import Text

from bot import tools
from bot.shop import profile
from bot.trial import Trial, Turn
from warehouse.i18n import terminal_gettext as _
from warehouse.identity import hash_key, normalise_phone, phone_key
from warehouse.settings import Settings


class BadPhone(ValueError):
    """Not a phone number."""


class _BadLine(ValueError):
    """The line is no turn."""


def run(settings: Settings, store_id: str | None, phone: str | None, is_json: bool) -> int:
    """Talk until the input ends, as a customer with the orders of a phone number, by default none. Returns 1
    if a line of JSON was answered with an error. Raises UnknownShop and BadPhone."""
    customer_key = None if phone is None else _key(phone, settings)
    made = tools.make(settings)
    try:
        with made.connect() as connection, connection.cursor() as cursor:
            store_id = profile.known(cursor, store_id, settings)
        trial = Trial(made, store_id, customer_key)
        return _answer_lines(trial) if is_json else _talk(trial, store_id)
    finally:
        made.connections.close()


def _key(phone: str, settings: Settings) -> str:
    number = normalise_phone(phone, settings.default_region)
    if number is None:
        raise BadPhone(_("{phone} is not a phone number, such as +6281234567890", phone=phone))
    return phone_key(number, hash_key(settings))


def _answer_lines(trial: Trial) -> int:
    """A line `{"texts": ["…"]}` in, a line out, until the input ends."""
    exit_code = 0
    for line in sys.stdin.buffer:
        answer = _answer(trial, line)
        exit_code |= "error" in answer
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return exit_code


def _answer(trial: Trial, line: bytes) -> dict[str, Any]:
    try:
        return _as_json(trial.say(_texts(line)))
    except _BadLine as error:
        return {"error": str(error)}
    except Exception as error:
        return {"error": f"the turn failed: {_kind(error)}"}


def _kind(error: Exception) -> str:
    """Not the message: those of the database contain values."""
    return type(error).__name__


def _texts(line: bytes) -> list[str]:
    """The texts of a turn. Raises _BadLine."""
    try:
        turn = json.loads(line.decode())
    except ValueError as error:
        raise _BadLine(f"not JSON in UTF-8: {error}") from None
    texts = turn.get("texts") if isinstance(turn, dict) else None
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise _BadLine('not of the form {"texts": ["…", …]} with at least one text')
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        raise _BadLine("half of a surrogate pair in a text") from None
    return texts


def _as_json(turn: Turn) -> dict[str, Any]:
    steps = turn.decision.steps
    return {
        "replies": list(turn.replies),
        "steps": [{"step": step.name, "outcome": step.outcome, "reason": step.reason} for step in steps],
        "handover": turn.decision.handover,
        "opted_out": turn.is_opted_out,
    }


def _talk(trial: Trial, store_id: str) -> int:
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(_("The bot of {store} answers as on WhatsApp. Ctrl-D ends.", store=store_id), "dim"))
    with suppress(EOFError):
        while True:
            if (text := input("> ")).strip():
                _say(console, trial, text)
    print()
    return 0


def _say(console: Console, trial: Trial, text: str) -> None:
    try:
        turn = trial.say([text])
    except Exception as error:
        console.print(Text(_("The turn failed: {kind}", kind=_kind(error)), "red"))
    else:
        _show(console, turn)


def _show(console: Console, turn: Turn) -> None:
    for reply in turn.replies or (_("(no reply)"),):
        console.print(Text(reply), end="\n\n")
    decided = [step for step in turn.decision.steps if step.outcome != "passed"]
    console.print(Text(", ".join(f"{step.name}: {step.outcome} ({step.reason})" for step in decided), "dim"))
    if turn.decision.handover:
        console.print(Text(_("An agent would answer now. Here the bot goes on."), "yellow"))
    if turn.is_opted_out:
        console.print(Text(_("The customer has opted out and gets nothing but answers."), "yellow"))
