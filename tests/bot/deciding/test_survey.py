"""A customer is invited in the settings and asked on WhatsApp: over the web app, the queue, the worker and Twilio."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.deciding import rating
from bot.deciding.survey_words import answers_in, wish_in
from demo.twilio import TwilioStandIn
from tests.support.chat import STORE, Outcome
from tests.support.people import Person
from tests.support.surveyed import WAVE, Surveyed, surveyed
from tests.support.surveys import SETTINGS, answers
from warehouse.settings import Settings

TEMPLATE = "HX00000000000000000000000000000001"
CONSENT = "Boleh kami minta pendapat kakak? Balas YA atau TIDAK."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", (4,)), ("empat", (4,)), ("5 puas", (5,)), ("3 biasa saja kak", (3,)), ("4 5", (4, 5)), ("4, 5", (4, 5)),
        ("tiga dan lima", (3, 5)), ("4/5", (4,)), ("very good, 5", (5,)), ("⭐⭐", (2,)),
        ("5 pcs", ()), ("45", ()), ("4 5 3", ()), ("6", ()), ("4 6", ()), ("puas", ()), ("order 4", ()), ("4?", ()),
    ],
)  # fmt: skip
def test_answers_are_known_from_what_is_none(text: str, expected: tuple[int, ...]) -> None:
    assert answers_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ya", "yes"), ("Boleh kak", "yes"), ("yes please", "yes"), ("ok", "yes"), ("iya mau", "yes"),
        ("tidak", "no"), ("gak mau", "no"), ("nanti aja ya", "no"), ("no thanks", "no"), ("not now", "no"),
        ("lewati", "skip"), ("skip dulu", "skip"), ("ga tau", "skip"), ("I don't know", "skip"),
        ("stop survei", "stop"), ("berhenti surveinya kak", "stop"), ("end survey", "stop"),
        ("lanjut", "go_on"), ("mau isi survei", "go_on"), ("continue survey", "go_on"), ("survei", "go_on"),
        ("ya, tapi ongkir ke Medan berapa?", None), ("survei apa ini?", None), ("tidak boleh retur?", None), ("", None),
        ("tidak apa apa", None),
    ],
)  # fmt: skip
def test_wishes_are_known_from_what_is_none(text: str, expected: str | None) -> None:
    assert wish_in(text, is_after_survey=True) == expected


@pytest.mark.parametrize(("text", "expected"), [("ya", None), ("lewati", None), ("stop survei", "stop")])
def test_away_from_the_survey_a_wish_has_to_name_it(text: str, expected: str | None) -> None:
    assert wish_in(text, is_after_survey=False) == expected


@pytest.fixture(scope="module")
def survey(chat_settings: Settings, twilio: TwilioStandIn) -> Iterator[Surveyed]:
    with surveyed(chat_settings, twilio) as found:
        yield found


def kinds(outcome: Outcome) -> list[str]:
    return [kind for kind, _ in outcome.replies]


def test_a_customer_agrees_and_is_asked_until_the_last_item(survey: Surveyed) -> None:
    phone = survey.invited()
    assert "Balas YA kalau bersedia" in survey.last(phone)["body"]
    first = survey.shop.say(phone, "boleh kak")
    assert first.step["name"] == "survey"
    assert kinds(first) == ["survey"]
    assert "1/3: Produk yang dicari mudah ditemukan.\nSeberapa baik kami melakukannya?" in first.said
    second = survey.shop.say(phone, "4").said
    assert second.startswith("Seberapa besar kakak mengharapkan ini")
    assert survey.shop.say(phone, "lima").said.startswith("2/3: ")
    assert survey.shop.say(phone, "3 5").said.startswith("3/3: ")
    survey.shop.say(phone, "5 puas")
    assert "Terima kasih banyak atas jawabannya" in survey.shop.say(phone, "2").said
    assert survey.answers(phone) == [("EFF1", 4, 5), ("EFF2", 3, 5), ("FUL1", 5, 2)]
    assert survey.state(phone) == "finished"
    [respondent] = survey.shop.ask(
        "select source, language, finished_at is not null from raw.survey_respondents where customer_key = %s",
        survey.shop.key(phone),
    )
    assert respondent == ("whatsapp", "id", True)
    assert survey.shop.outcome(phone).state == "bot"


def test_an_english_customer_is_asked_in_english(survey: Surveyed) -> None:
    phone = survey.invited("hello, good morning")
    assert "Reply YES if you'd like to take part" in survey.last(phone)["body"]
    assert "1/3: It is easy to find the product you are looking for." in survey.shop.say(phone, "yes please").said
    assert "And how much do you expect this" in survey.shop.say(phone, "4").said


def test_a_refusal_is_accepted_and_can_be_taken_back(survey: Surveyed) -> None:
    phone = survey.invited()
    assert "Tidak apa-apa" in survey.shop.say(phone, "nggak dulu ya kak").said
    assert survey.state(phone) == "declined"
    assert survey.shop.say(phone, "makasih kak").step["name"] != "survey"
    assert "1/3" in survey.shop.say(phone, "mau isi survei deh").said
    assert survey.state(phone) == "asking"


def test_other_questions_are_answered_and_the_survey_goes_on_below(survey: Surveyed) -> None:
    phone = survey.begun()
    survey.shop.say(phone, "4")
    outcome = survey.shop.say(phone, "bagaimana cara retur barang?")
    assert kinds(outcome) == ["answer", "survey"]
    reminder = outcome.replies[-1][1]
    assert reminder.startswith("Kita lanjut surveinya ya, kak. 1/3: ")
    assert "mengharapkan" in reminder
    assert survey.shop.say(phone, "5").said.startswith("2/3")
    assert survey.answers(phone) == [("EFF1", 4, 5)]


def test_a_wish_for_a_person_pauses_it_and_days_later_it_goes_on(survey: Surveyed) -> None:
    phone = survey.begun()
    survey.shop.say(phone, "4 4")
    outcome = survey.shop.say(phone, "mau bicara dengan CS")
    assert (outcome.state, survey.state(phone)) == ("waiting", "paused")
    assert kinds(outcome) == ["handover"]
    survey.shop.put(phone, "bot")
    survey.shop.ask(
        "update app.survey_invitations set asked_at = asked_at - interval '3 days' where customer_key = %s",
        survey.shop.key(phone),
    )
    assert survey.shop.say(phone, "5").step["name"] != "survey"
    survey.shop.put(phone, "bot")
    assert survey.shop.say(phone, "lanjut survei").said.startswith("2/3")
    survey.shop.say(phone, "2 3")
    assert survey.answers(phone) == [("EFF1", 4, 4), ("EFF2", 2, 3)]


def test_items_are_skipped_and_the_survey_can_be_stopped_and_resumed(survey: Surveyed) -> None:
    phone = survey.begun()
    assert survey.shop.say(phone, "lewati").said.startswith("1/3")
    assert survey.shop.say(phone, "skip").said.startswith("2/3")
    assert "berhenti di sini" in survey.shop.say(phone, "stop survei").said
    assert (survey.state(phone), survey.shop.outcome(phone).opted_out) == ("stopped", False)
    assert survey.shop.say(phone, "lanjut survei").said.startswith("2/3")
    survey.shop.say(phone, "3 4")
    survey.shop.say(phone, "lewati")
    survey.shop.say(phone, "gak tau kak")
    assert survey.state(phone) == "finished"
    assert survey.answers(phone) == [("EFF2", 3, 4)]


def test_who_opts_out_is_asked_no_more(survey: Surveyed) -> None:
    phone = survey.begun()
    outcome = survey.shop.say(phone, "STOP")
    assert outcome.opted_out
    assert survey.state(phone) == "stopped"
    assert survey.shop.say(phone, "4").step["name"] != "survey"
    assert survey.answers(phone) == []


def test_one_message_is_one_answer_however_often_it_is_delivered(survey: Surveyed) -> None:
    phone = survey.begun()
    delivery = survey.shop.senders.message(From=f"whatsapp:{phone}", Body="4")
    app = survey.admin.client.application.test_client()

    def deliver(_: int) -> int:
        return app.post(delivery.path, data=delivery.body, headers=delivery.headers).status_code

    assert [deliver(number) for number in range(3)] == [200] * 3
    survey.shop.work()
    assert deliver(3) == 200
    survey.shop.work()
    assert survey.answers(phone) == [("EFF1", 4, None)]
    assert survey.last(phone)["body"].startswith("Seberapa besar")


def test_an_answer_repeated_before_the_next_question_is_no_answer_to_it(survey: Surveyed) -> None:
    phone = survey.begun()
    survey.shop.say(phone, "4", "4")
    assert survey.answers(phone) == [("EFF1", 4, None)]
    survey.shop.say(phone, "5", "3")
    assert survey.answers(phone) == [("EFF1", 4, 3)]


def test_answers_on_the_customers_own_page_and_in_the_chat_are_one_response(survey: Surveyed) -> None:
    phone = survey.begun()
    survey.shop.say(phone, "1 2")
    link = survey.own_link(phone)
    visitor = Person(survey.admin.client.application, "")
    page = visitor.get(f"{link}/1").text
    assert page.count("checked") == 2
    assert visitor.post(f"{link}/1", dict(answers(page, performance=3))).location == f"{link}/2"
    assert survey.shop.say(phone, "lanjut survei").said.startswith("2/3")
    assert survey.shop.say(phone, "5 5").said.startswith("3/3")
    visitor.post(f"{link}/2", dict(answers(visitor.get(f"{link}/2").text)))
    visitor.post(f"{link}/3", {"job": "student"})
    assert survey.shop.say(phone, "4").step["name"] != "survey"
    assert survey.answers(phone) == [("EFF1", 3, 5), ("EFF2", 5, 5), ("FUL1", 4, 5)]


def test_nobody_is_invited_twice_or_after_opting_out(survey: Surveyed) -> None:
    phone, gone = survey.customer(), survey.customer()
    survey.shop.say(gone, "STOP")
    survey.invite()
    page = survey.invite()
    assert "Invited: 0." in page
    invitations = [each for each in survey.shop.twilio.sent if "Balas YA kalau bersedia" in (each["body"] or "")]
    assert [each["to"] for each in invitations].count(f"whatsapp:{phone}") == 1
    assert f"whatsapp:{gone}" not in {each["to"] for each in invitations}


def test_after_a_day_only_an_approved_template_invites(survey: Surveyed) -> None:
    phone = survey.customer(hours=30)
    page = survey.admin.get(f"{SETTINGS}/invite/{WAVE}").text
    assert re.search(r"and no template</span> <b>1</b>", page)
    assert "add an approved template named “survey”" in page
    survey.invite()
    assert not survey.shop.ask("select 1 from app.survey_invitations where customer_key = %s", survey.shop.key(phone))
    survey.shop.ask(
        "insert into app.message_templates (content_sid, store_id, name, language, body)"
        " values (%s, %s, 'survey', 'id', %s)",
        TEMPLATE, STORE, CONSENT,
    )  # fmt: skip
    survey.shop.twilio.templates[TEMPLATE] = CONSENT
    survey.invite()
    assert survey.last(phone)["body"] == CONSENT
    assert "1/3" in survey.shop.say(phone, "ya").said


def test_nobody_is_invited_while_the_bot_is_off(survey: Surveyed) -> None:
    survey.customer()
    survey.shop.ask("update app.store_options set is_bot_on = false")
    assert "The bot is switched off" in survey.admin.get(f"{SETTINGS}/invite/{WAVE}").text
    assert survey.admin.post(f"{SETTINGS}/invite/{WAVE}", {"days": "30"}).status_code == 409
    survey.shop.ask("update app.store_options set is_bot_on = true")


def test_a_rating_is_not_asked_amid_a_survey(survey: Surveyed) -> None:
    phone = survey.begun()
    survey.shop.ask(
        "update app.conversations set last_message_at = now() - interval '1 hour' where customer_key = %s",
        survey.shop.key(phone),
    )
    rating.ask_due(survey.shop.settings)
    assert not survey.shop.ask(
        "select 1 from app.conversation_events join app.conversations using (conversation_id)"
        " where type = 'rating_requested' and customer_key = %s",
        survey.shop.key(phone),
    )


def responses(survey: Surveyed) -> dict[str, list[str]]:
    """The cells of the table of responses in the settings, by channel."""
    page = survey.admin.get(f"{SETTINGS}/wave/{WAVE}").text
    found = re.findall(r'<tr><th scope="row">(.+?)</th>(.+?)</tr>', page, re.DOTALL)
    return {channel: re.sub(r"<[^>]+>|\s+", " ", cells).split() for channel, cells in found}


def test_responses_are_counted_by_channel_against_those_invited(survey: Surveyed) -> None:
    survey.shop.ask("delete from raw.survey_respondents where wave = %s", WAVE)
    survey.shop.ask("delete from app.survey_invitations where wave = %s", WAVE)
    in_chat, on_page = survey.begun(), survey.invited()
    for answer in ("4 5", "5 5", "3 4"):
        survey.shop.say(in_chat, answer)
    for link in (survey.own_link(on_page), survey.link):
        visitor = Person(survey.admin.client.application, "")
        visitor.get(link)
        visitor.post(link)
        visitor.post(f"{link}/1", dict(answers(visitor.get(f"{link}/1").text)))
    found = responses(survey)
    [(invited,)] = survey.shop.ask("select count(*) from app.survey_invitations where wave = %s", WAVE)
    shares = [f"({round(100 * count / invited)}%)" for count in (2, 1)]
    assert found["Invitation on WhatsApp"] == [str(invited), "2", shares[0], "1", shares[1]]
    assert found["Link for everybody"] == ["–", "1", "0"]


def test_a_closed_survey_asks_nothing_more(survey: Surveyed) -> None:
    phone = survey.begun()
    assert survey.admin.post(f"{SETTINGS}/close/{WAVE}").status_code == 303
    assert survey.shop.say(phone, "4").step["name"] != "survey"
    assert survey.answers(phone) == []
    assert survey.admin.post(f"{SETTINGS}/invite/{WAVE}", {"days": "30"}).status_code == 409
