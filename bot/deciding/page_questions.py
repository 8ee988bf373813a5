"""Questions that the shop's pages answer, or the description of a product that was not named."""

from __future__ import annotations

from typing import Final

from bot.catalogue import products, questions
from bot.catalogue.replies import Writer
from bot.conversation.reasons import Reason
from bot.conversation.replies import say
from bot.deciding import courtesies
from bot.deciding.product_questions import described, described_better
from bot.deciding.situation import Situation, Verdict, answered, passed
from bot.knowledge import search, sentences, text, wording
from bot.knowledge.search import Passage
from bot.vocabulary import words

NAME: Final = "knowledge"
# A request that could be a follow-up is taken by itself if a passage answers it this surely.
_BY_ITSELF = 0.5
_MAX_CHOICES = 8


def step(situation: Situation) -> Verdict:
    if not situation.words:
        return passed(NAME, Reason.NO_WORDS)
    if courtesies.only_tells_details(situation):
        return passed(NAME, Reason.NOT_ASKED)
    found = _found(situation)
    fitting = [passage for passage in found if passage.fits]
    details = {"passages": [passage.id for passage in fitting], "scores": [round(each.score, 3) for each in found]}
    page_score = max((each.score for each in found if not each.is_product), default=0.0)
    if verdict := described_better(situation, page_score):
        return verdict
    if not fitting:
        return passed(NAME, Reason.NOTHING_FITS, considered=[each.id for each in found], **details)
    if fitting[0].is_product and (verdict := _of_product(situation, fitting[0])):
        return verdict
    pages = [passage for passage in fitting if not passage.is_product]
    if not pages:
        return passed(NAME, Reason.NOTHING_FITS, **details)
    if choices := _open_choices(situation, pages[0]):
        return answered(NAME, Reason.ASKED_BACK, choices, **details)
    return answered(NAME, Reason.PASSAGE, wording.as_passage(pages[0], situation), **details)


def _open_choices(situation: Situation, page: Passage) -> str | None:
    """The question which row of a table is meant, if a price is asked that each row has differently. Asked once."""
    request, before = situation.request, situation.context.question
    if not words("price") & set(request.words):
        return None
    asked = f"{before.text} {request.text}" if before and request.is_elliptical else request.text
    found = sentences.choices(page.text, asked)
    question = say("knowledge.which", situation.language, choices=", ".join(found[:_MAX_CHOICES]))
    return question if found and not situation.was_just_said(question) else None


def _found(situation: Situation) -> list[Passage]:
    """The passages nearest to the request; to a follow-up together with the question before it."""
    request, context = situation.request, situation.context
    found = _search(situation, request.text)
    score = found[0].score if found else 0.0
    if context.question is None or not request.is_elliptical or (score >= _BY_ITSELF and not request.follows_up):
        return found
    completed = _with_matter_first(_search(situation, f"{context.question.text} {request.matter}"), request.matter)
    least = score if _changes_matter(situation, score) else search.FITS
    return completed if any(passage.score >= least for passage in completed) else found


def _with_matter_first(found: list[Passage], matter: str) -> list[Passage]:
    """The passages that have what a follow-up adds, such as a city, before those that fit only the question before."""
    added = text.stems_asked(matter)
    return sorted(found, key=lambda each: not all(word & text.stems(each.text) for word in added))


def _changes_matter(situation: Situation, score: float) -> bool:
    """Whether a follow-up with this best score may be a question of its own: "and can I pay by card?", but neither "and
    how long?" nor "and if I pay by card?"."""
    request = situation.request
    is_case = bool(words("conditional") & set(request.words))
    return score >= _BY_ITSELF and len(request.content) > 1 and not is_case


def _search(situation: Situation, question: str) -> list[Passage]:
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        store_id = situation.conversation.store_id
        found = search.search(cursor, store_id, question, situation.tools.encoder, situation.language)
    if questions.is_about_shop(situation.request.words):
        return [passage for passage in found if not passage.is_product]
    return found


def _of_product(situation: Situation, passage: Passage) -> Verdict | None:
    """What a product that was found by its description says, with its price and stock."""
    ids = situation.names.found_in(passage.heading or "").ids[:1]
    with situation.tools.connect() as connection, connection.cursor() as cursor:
        found = products.load(cursor, situation.conversation.store_id, ids, situation.now)
    sentence = described(found[0], situation) if found else None
    if sentence is None:
        return None
    line = Writer(situation.shop, situation.language).in_one_line(found[0])
    return answered(NAME, Reason.DESCRIPTION, f"{line}\n{sentence}", products=[found[0].id])
