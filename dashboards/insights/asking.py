"""Has a language model word an insight. Its text is used only if it passes the checks of `checking`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from string import Template
from typing import NamedTuple

import structlog
from babel import Locale

from dashboards.definition import Language
from dashboards.insights.checking import CHECKED, check
from dashboards.insights.wording import Statement, template
from ml.language_model import LanguageModel, LanguageModelUnavailable

MAX_TOKENS = 300
_PROMPT = (Path(__file__).parent / "prompt.txt").read_text()
# The version changes with the prompt.
PROMPT_VERSION = hashlib.sha256(_PROMPT.encode()).hexdigest()[:8]

_log = structlog.get_logger()


class Worded(NamedTuple):
    """A text and its author: the model's name with the version of the prompt, or `template` with None."""

    text: str
    worded_by: str
    prompt_version: str | None


def word(statements: list[Statement], language: Language, store_id: str, model: LanguageModel | None) -> Worded:
    """The statements as a text: the model's if there is one and its text passes the checks, else the template's. In a
    language whose texts cannot be checked, always the template's."""
    if model and language in CHECKED and (text := _ask_model(statements, language, store_id, model)):
        return Worded(text, model.name, PROMPT_VERSION)
    return Worded(template(statements), "template", None)


def _ask_model(statements: list[Statement], language: Language, store_id: str, model: LanguageModel) -> str | None:
    system = Template(_PROMPT).substitute(language=Locale.parse(language).get_language_name("en"))
    findings = "\n".join(f"- {statement.text}" for statement in statements)
    try:
        text = model.complete("insight", system, findings, store_id, MAX_TOKENS)
    except LanguageModelUnavailable:
        return None
    if reason := check(text, statements, language):
        _log.info("insight_not_believed", store_id=store_id, language=language, reason=reason)
        return None
    return text
