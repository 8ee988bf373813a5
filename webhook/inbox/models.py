"""The language model as the pages use it."""

from __future__ import annotations

from typing import cast

from flask import current_app

from ml.language_model import LanguageModel
from webhook.services import services

_EXTENSION = "kabar-inbox-language-model"


def language_model() -> LanguageModel | None:
    """That of the app that serves this request; None where the deployment names none."""
    known = current_app.extensions
    if _EXTENSION not in known:
        known[_EXTENSION] = LanguageModel.of(services().settings, role="inbox")
    return cast("LanguageModel | None", known[_EXTENSION])
