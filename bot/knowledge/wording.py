"""Words an answer from a passage: its sentences that answer, with a note if they are in another language."""

from __future__ import annotations

from babel import Locale

from bot.conversation.replies import say
from bot.deciding.situation import Situation
from bot.knowledge import sentences
from bot.knowledge.search import Passage
from ml.language import UNKNOWN
from warehouse import formats
from warehouse.i18n import Language


def as_passage(passage: Passage, situation: Situation) -> str:
    """The sentences of the passage that answer; with a note if they are in another language."""
    request = situation.request
    context = situation.context.question if request.is_elliptical else None
    before, asked = (context.text, request.matter) if context else ("", request.text)
    text = sentences.of_passage(passage.text, passage.heading, asked, before, situation.tools.encoder)
    is_readable = passage.language in (situation.language, UNKNOWN)
    return text if is_readable else f"{_note(passage.language, situation.language)}\n{text}"


def _note(language: Language, reader: Language) -> str:
    name = Locale.parse(language).get_language_name(str(formats.locale(reader))) or language
    return say("knowledge.other_language", reader, language=name)
