"""`python -m bot.grounding` reads lines from standard input, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.openai_stand_in import OpenAIStandIn
from warehouse.settings import ROOT, Settings

GOOD = {
    "id": 1,
    "language": "en",
    "question": "?",
    "sources": ["Returns within 7 days."],
    "answer": "Returns within 7 days.",
}


def run(lines: list[Any], *arguments: str, **environment: str) -> tuple[list[dict[str, Any]], str, int]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    ended = subprocess.run(
        [sys.executable, "-m", "bot.grounding", *arguments], input=text, capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment}, check=False,
    )  # fmt: skip
    return [json.loads(line) for line in ended.stdout.splitlines()], ended.stderr, ended.returncode


def test_each_answer_gets_a_verdict_and_a_reason() -> None:
    lie = GOOD | {"id": "b", "answer": "Returns within 9 days."}
    free = GOOD | {"id": "c", "answer": "You have 7 days to send it back."}
    found, problems, code = run([GOOD, lie, "", free])
    assert (problems, code) == ("", 0)
    assert found == [
        {"id": 1, "verdict": "supported", "reason": None},
        {"id": "b", "verdict": "contradicted", "reason": "number"},
        {"id": "c", "verdict": "unverified", "reason": "unverified"},
    ]


def test_a_bad_line_is_named_without_its_text_and_the_others_are_answered() -> None:
    found, problems, code = run(["{rahasia", {"id": 2, "answer": "rahasia"}, GOOD])
    assert [each["id"] for each in found] == [1]
    assert code == 1
    assert problems.startswith("line 1: ")
    assert "line 2: sources: " in problems
    assert "rahasia" not in problems


def test_with_a_judge_what_is_unverified_is_asked(settings: Settings) -> None:
    opinion = json.dumps({"supported": True, "quote": "Returns within 7 days."})
    with OpenAIStandIn(answer=lambda system, user: opinion) as endpoint:
        free = GOOD | {"answer": "You have 7 days to send it back."}
        found, _, code = run([free], "--judge", **endpoint.environment)
    assert (found[0]["verdict"], code) == ("supported", 0)


def test_a_model_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("[]")
    _, problems, code = run([GOOD], "--judge", KABAR_NLI_MODEL=str(tmp_path))
    assert (str(tmp_path) in problems, code) == (True, 2)
    assert "Traceback" not in problems


def test_without_a_model_there_is_no_judge() -> None:
    _, problems, code = run([GOOD], "--judge")
    assert "KABAR_NLI_MODEL" in problems
    assert code != 0
