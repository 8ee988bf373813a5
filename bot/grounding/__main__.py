"""`python -m bot.grounding`: verdicts on answers, a line of JSON for each, from lines of JSON on standard input."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.grounding.judge import Judge, chosen, judged
from bot.grounding.rules import check
from ml.language_model import LanguageModel
from ml.nli import NliModel, NotAnNliModel
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, get_settings


class Case(BaseModel):
    """A line of input; what else it has is ignored."""

    id: str | int
    question: str = ""
    sources: list[str]
    answer: str


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bot.grounding",
        description=_(
            'Check answers against their sources. Reads lines of JSON with "id", "question", "sources" and "answer" '
            'from standard input and prints a line with "id", "verdict" and "reason" for each.'
        ),
    )
    parser.add_argument(
        "--judge", action="store_true", help=_("ask the configured model about answers that the rules cannot decide")
    )
    logs.configure()
    try:
        judge = _judge(get_settings()) if parser.parse_args().judge else None
    except NotAnNliModel as error:
        print(f"bot.grounding: {error}", file=sys.stderr)
        return 2
    is_good = [_answered(number, line, judge) for number, line in enumerate(sys.stdin, start=1) if line.strip()]
    return 0 if all(is_good) else 1


def _answered(number: int, line: str, judge: Judge | None) -> bool:
    try:
        case = Case.model_validate_json(line)
    except ValidationError as error:
        print(_("line {number}: {problem}").format(number=number, problem=_problem(error)), file=sys.stderr)
        return False
    print(json.dumps(_verdict(case, judge), ensure_ascii=False), flush=True)
    return True


def _problem(error: ValidationError) -> str:
    """What is wrong, without the line's texts."""
    first = error.errors(include_input=False, include_url=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


def _verdict(case: Case, judge: Judge | None) -> dict[str, Any]:
    checked = judged(check(case.answer, case.sources, case.question), case.question, case.sources, judge)
    return {"id": case.id, "verdict": checked.verdict, "reason": checked.reason}


def _judge(settings: Settings) -> Judge:
    """Raises NotAnNliModel; ends the program if no model is set up."""
    nli_model = NliModel(settings.nli_model) if settings.nli_model else None
    if judge := chosen(nli_model, LanguageModel.of(settings), settings.default_store):
        return judge
    raise SystemExit(_("--judge needs a model. Set OPENAI_API_KEY, OPENAI_BASE_URL or KABAR_NLI_MODEL."))


if __name__ == "__main__":
    sys.exit(main())
