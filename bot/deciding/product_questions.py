"""Questions about products: price, stock, options, link, and what their descriptions say."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from bot.catalogue import products, questions
from bot.catalogue.names import Named
from bot.catalogue.products import Product
from bot.catalogue.questions import ASPECTS, Aspect, Wanted
from bot.catalogue.replies import MAX_LISTED, Writer
from bot.conversation.reasons import Reason
from bot.conversation.replies import say
from bot.deciding import patterns
from bot.deciding.requests import Request
from bot.deciding.situation import Situation, Verdict, answered, passed
from bot.knowledge import sentences
from bot.knowledge.sentences import Told
from bot.vocabulary import words

NAME: Final = "products"
_ASKS_BACK: Final = "question_back"
# A description is preferred to a page if its score is this much more than this share of the page's. Chosen on the
# dialogues that are not held out.
_PAGE_COUNTS, _LEAST_BETTER = 0.6, 0.15


class _Asked(NamedTuple):
    """`products`: those that the request is about; `named`: those that it names itself; `rest`: its words that neither
    name a product nor say what is asked, so something else is asked."""

    products: list[Product]
    named: Named
    aspects: frozenset[Aspect]
    rest: frozenset[str]


def step(situation: Situation) -> Verdict:
    if questions.is_about_shop(situation.request.words) and not words("link") & set(situation.words):
        return passed(NAME, Reason.NOT_ASKED)
    asked = _asked(situation)
    if not asked.products:
        return passed(NAME, Reason.NOT_ASKED)
    if _continues_page_question(situation, asked):
        return passed(NAME, Reason.NOT_ASKED)
    verdict = _answer(situation, asked)
    return verdict or passed(NAME, Reason.NOTHING_FITS, products=[product.id for product in asked.products])


def ask_back(situation: Situation) -> Verdict:
    """The last step of a request: tells about the product that it names, whatever else was meant; or asks what it is
    about, once, if it does not say."""
    if questions.is_about_shop(situation.request.words):
        return passed(_ASKS_BACK, Reason.NOT_ASKED)
    asked = _asked(situation)
    return _tell_anyway(situation, asked) or _ask_which(situation, asked)


def _tell_anyway(situation: Situation, asked: _Asked) -> Verdict | None:
    """What is nearest to the question, or the products that it names."""
    writer, details = Writer(situation.shop, situation.language), _details(asked)
    if len(asked.products) == 1:
        [product] = asked.products
        if asked.rest and (sentence := described(product, situation, sentences.MAY_ANSWER)):
            is_price = _asks_price(situation)
            line = writer.in_one_line(product)
            text = f"{line}\n{sentence}" if is_price else _with_stock(situation, product, sentence)
            return answered(_ASKS_BACK, Reason.DESCRIPTION, text, **details)
        wanted = questions.wanted(product, situation.request.words)
        if wanted.is_specific:
            return answered(_ASKS_BACK, Reason.PRODUCT, writer.about(product, asked.aspects, wanted), **details)
    if asked.named.ids and asked.products and not (asked.rest and len(asked.products) > 1):
        return answered(_ASKS_BACK, Reason.PRODUCT, _similar(situation, asked), **details)
    return None


def _ask_which(situation: Situation, asked: _Asked) -> Verdict:
    text = say("products.ask_which", situation.language)
    has_products, is_open = bool(situation.names.names), situation.request.asks and not asked.rest
    if not has_products or not is_open or situation.was_just_said(text):
        return passed(_ASKS_BACK, Reason.NOT_ASKED)
    return answered(_ASKS_BACK, Reason.ASKED_BACK, text)


def described(product: Product, situation: Situation, least: float = sentences.ANSWERS) -> str | None:
    """What the product's description says about the request, if a sentence is near enough."""
    told = _told(product, situation)
    return told.text if told and told.score >= least else None


def described_better(situation: Situation, page_score: float) -> Verdict | None:
    """What the description of the product that is meant says, if that is nearer to the request than a page with this
    score."""
    asked = _asked(situation, with_context=True)
    if len(asked.products) != 1 or _continues_page_question(situation, asked):
        return None
    [product] = asked.products
    told = _told(product, situation)
    if told is None or told.score - _PAGE_COUNTS * page_score < _LEAST_BETTER:
        return None
    return answered(NAME, Reason.DESCRIPTION, _with_stock(situation, product, told.text), **_details(asked))


def _told(product: Product, situation: Situation) -> Told | None:
    attributes = [f"{name}: {', '.join(values)}" for name, values in product.attributes.items()]
    question, encoder = _without_names(situation), situation.tools.encoder
    return sentences.of_description(product.description, attributes, question, encoder)


def _without_names(situation: Situation) -> str:
    """The request without the words that name products, since each sentence of a description is about the product."""
    text = situation.request.text
    named = situation.names.found_in(text).words
    rest = " ".join(word for word in text.split() if not named & set(patterns.tokens(word)))
    return rest or text


def _asks_price(situation: Situation) -> bool:
    """Whether it surely asks for a price: `berapa` alone need not."""
    return bool(words("surely_price") & set(situation.request.words))


def _asked(situation: Situation, with_context: bool = False) -> _Asked:
    """What is asked of which products. `with_context`: also of those named before, whatever the question before was."""
    request, context = situation.request, situation.context
    aspects, named = questions.aspects(request.words), situation.names.found_in(request.text)
    before = () if named.ids else _meant_before(situation, bool(aspects), with_context)
    found: list[Product] = []
    if ids := named.ids or before or context.products:
        with situation.tools.connect() as connection, connection.cursor() as cursor:
            found = products.load(cursor, situation.conversation.store_id, ids, situation.now)
    with_option = [product for product in found if questions.wanted(product, request.words).is_specific]
    if (not named.ids and not before) or (with_option and (len(found) > 1 or not named.ids)):
        found = with_option
    inherited: frozenset[Aspect] = frozenset()
    if named.ids and not aspects and request.is_elliptical and context.question and context.is_product:
        inherited = questions.aspects(context.question.words)
    options = frozenset().union(*(questions.wanted(product, request.words).named for product in found))
    of_aspects = frozenset().union(*map(words, aspects or ASPECTS))
    rest = frozenset(request.content) - named.words - of_aspects - options - words("refers")
    if inherited and not words("asking") & set(request.words) and _asks_only_aspects(context.question):
        rest = frozenset()
    return _Asked(found, named, aspects or inherited, rest)


def _asks_only_aspects(before: Request | None) -> bool:
    """Whether a question asked for the price or the link. "Berapa" alone can also be how many of anything."""
    return before is not None and bool((words("surely_price") | words("link") | {"much"}) & set(before.words))


def _continues_page_question(situation: Situation, asked: _Asked) -> bool:
    """Whether it asks of another product what was asked of one before, which was not its price or the like: after "how
    often do I water a monstera?", "and a calathea?"."""
    before, request = situation.context.question, situation.request
    if before is None or asked.aspects or asked.rest or not request.is_elliptical or not asked.named.ids:
        return False
    return before.asks and not questions.aspects(before.words)


def _meant_before(situation: Situation, asks_aspect: bool, anyway: bool) -> tuple[int, ...]:
    """The products talked about before, if the request can be about them; `anyway`: whatever was asked before."""
    request, context = situation.request, situation.context
    if anyway and (context.is_product or request.refers_back):
        return context.products
    if context.products and (context.is_product or asks_aspect) and (asks_aspect or request.refers_back):
        return context.products
    return ()


def _answer(situation: Situation, asked: _Asked) -> Verdict | None:
    writer, details = Writer(situation.shop, situation.language), _details(asked)
    if len(asked.products) > 1:
        if asked.rest:
            return None
        return answered(NAME, Reason.SEVERAL_PRODUCTS, writer.several(asked.products), **details)
    [product] = asked.products
    wanted = questions.wanted(product, situation.request.words)
    is_size = "size" in asked.aspects and not _asks_price(situation)
    if is_size and not product.has_sizes and (sentence := described(product, situation)):
        return answered(NAME, Reason.DESCRIPTION, _with_stock(situation, product, sentence), **details)
    if asked.rest and "link" not in asked.aspects and not (wanted.is_specific and asked.aspects):
        return _answer_more(situation, asked, wanted)
    return answered(NAME, Reason.PRODUCT, writer.about(product, asked.aspects, wanted), **details)


def _answer_more(situation: Situation, asked: _Asked, wanted: Wanted) -> Verdict | None:
    """The answer if more is asked of a product than its price, stock and options."""
    writer, details = Writer(situation.shop, situation.language), _details(asked)
    [product] = asked.products
    is_price, sentence = _asks_price(situation), described(product, situation)
    if sentence and is_price:
        text = f"{writer.about(product, asked.aspects, wanted)}\n{sentence}"
        return answered(NAME, Reason.DESCRIPTION, text, **details)
    if sentence:
        return answered(NAME, Reason.DESCRIPTION, _with_stock(situation, product, sentence), **details)
    asks_for_part = any(word.endswith("nya") for word in asked.rest)  # "ada tutupnya?"
    if asked.named.ids and "stock" in asked.aspects and situation.request.asks_whether_there_is and not asks_for_part:
        return answered(NAME, Reason.PRODUCT, _similar(situation, asked), **details)
    # "how much" and "how many" are one word in Indonesian, so with other words it need not be the price.
    if is_price or asked.aspects - ({"price"} if asked.named.ids else {"price", "stock"}):
        return answered(NAME, Reason.PRODUCT, writer.about(product, asked.aspects, wanted), **details)
    return None


def _with_stock(situation: Situation, product: Product, sentence: str) -> str:
    """What a description says; with the stock if the product cannot be bought, which the customer should know."""
    if product.can_be_bought:
        return f"{product.name}: {sentence}"
    return f"{Writer(situation.shop, situation.language).in_one_line(product)}\n{sentence}"


def _similar(situation: Situation, asked: _Asked) -> str:
    """The products named, with a note if the request has words that none of them has."""
    listed = Writer(situation.shop, situation.language).several(asked.products)
    if asked.rest and "stock" in asked.aspects:
        return f"{say('products.only_similar', situation.language)}\n{listed}"
    return listed


def _details(asked: _Asked) -> dict[str, Any]:
    return {"products": [product.id for product in asked.products[:MAX_LISTED]], "aspects": sorted(asked.aspects)}
