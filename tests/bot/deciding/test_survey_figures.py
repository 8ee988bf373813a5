"""What customers answer on WhatsApp and on the survey's page becomes the figures of one wave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.twilio import TwilioStandIn
from pipeline.surveys import build_if_changed
from tests.support.people import Person, inbox_settings
from tests.support.surveyed import WAVE, Surveyed, surveyed
from tests.support.surveys import answers
from warehouse.settings import Settings
from webhook.app import create_app


@pytest.fixture
def survey(chat_settings: Settings, twilio: TwilioStandIn) -> Iterator[Surveyed]:
    with surveyed(chat_settings, twilio) as found:
        yield found


def answer_on_the_page(survey: Surveyed, performance: int, expectation: int) -> None:
    visitor = Person(create_app(inbox_settings(survey.shop.settings)), "")
    visitor.get(survey.link)
    address = visitor.post(survey.link).location
    while form := answers(visitor.get(address).text, performance, expectation):
        address = visitor.post(address, dict(form)).location
    assert visitor.post(address).location == survey.link


def test_answers_on_whatsapp_and_on_the_page_count_alike(survey: Surveyed) -> None:
    phone = survey.begun()
    for text in ("4 5", "3 5", "5 2"):
        survey.shop.say(phone, text)
    assert survey.state(phone) == "finished"
    answer_on_the_page(survey, performance=2, expectation=4)
    assert build_if_changed(survey.shop.settings)

    items = survey.shop.ask(
        "select item, respondents, mean_performance, mean_expectation, gap from marts.survey_items"
        " where wave = %s and group_kind = 'all' order by item",
        WAVE,
    )
    assert items == [
        ("EFF1", 2, 3, 4.5, -1.5),
        ("EFF2", 2, 2.5, 4.5, -2),
        ("FUL1", 2, 3.5, 3, 0.5),
    ]
    # (4.5 × 3 + 4.5 × 2.5 + 3 × 3.5) / (4.5 + 4.5 + 3) = 2.9375 of 5
    [whole] = survey.shop.ask(
        "select respondents, gap, csi from marts.survey_dimensions"
        " where wave = %s and group_kind = 'all' and dimension = 'all'",
        WAVE,
    )
    assert whole == pytest.approx((2, -1, 58.75))
