"""Settings of the shop: who may open them, what they refuse, what they keep, and that nobody's change gets lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from bot.delivery.public_http import fault_of
from tests.support.senders import Senders
from tests.webhook.inbox.settings_forms import fields
from warehouse.i18n import translate
from warehouse.settings import Settings
from webhook.inbox.labels import LABELS
from webhook.inbox.settings import pages

SUBJECTS = tuple(pages.SUBJECTS)
PAGES = (*SUBJECTS, "canned/new", "templates/new", "rules/new", "surveys/new")
FORMS = (
    "hours", "holidays", "holidays/2026-12-25/remove", "targets", "costs", "costs/2026-01/remove", "bot", "voice",
    "voice/preview", "voice/1/restore",
    "rules/new", "rules/try", "rules/1", "rules/1/move", "rules/1/switch", "rules/1/remove", "anger", "templates/new",
    "templates/HX1", "templates/HX1/remove", "channels", "channels/web/remove", "channels/secret",
    "people", "people/1/role", "people/1/password", "people/1/close", "topics/1", "dimensions",
    "surveys/new", "surveys/wave/w", "surveys/open/w", "surveys/reopen/w",
    "connections", "connections/hide-first-steps",
    "surveys/close/w", "surveys/item/w", "surveys/move/w", "surveys/remove/w", "surveys/invite/w",
)  # fmt: skip
AGENTS_FORMS = ("canned/new", "canned/1", "canned/1/remove")
People = Callable[..., Any]
Ask = Callable[..., list[tuple[Any, ...]]]


def open_form(person: Any, subject: str) -> dict[str, str]:
    answer = person.get(f"/inbox/settings/{subject}")
    assert answer.status_code == 200
    return fields(answer.text)


def send(person: Any, subject: str, form: dict[str, str]) -> Any:
    return person.post(f"/inbox/settings/{subject}", form)


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_in_both_languages_for_admins_and_for_nobody_else(people: People, page: str) -> None:
    admin = people("admin")
    for language in ("en", "id"):
        admin.post("/inbox/language", {"language": language, "next": "/inbox"})
        answer = admin.get(f"/inbox/settings/{page}")
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert "<script>" not in answer.text
        assert "style=" not in answer.text
    assert people("agent").get(f"/inbox/settings/{page}").status_code == (200 if page.startswith("canned") else 403)
    assert people("viewer").get(f"/inbox/settings/{page}").status_code == 403


@pytest.mark.parametrize("form", [*FORMS, *AGENTS_FORMS])
def test_forms_are_refused_to_those_below_and_without_the_pages_token(people: People, app: Flask, form: str) -> None:
    below = "viewer" if form in AGENTS_FORMS else "agent"
    assert send(people(below), form, {}).status_code == 403
    assert people("admin").client.post(f"/inbox/settings/{form}", data={"seen": "1"}).status_code == 400
    assert app.test_client().post(f"/inbox/settings/{form}").status_code == 401


def test_the_first_page_is_the_first_that_one_may_open(people: People) -> None:
    assert people("admin").get("/inbox/settings").location == "/inbox/settings/connections"
    assert people("agent").get("/inbox/settings").location == "/inbox/settings/canned"


def test_every_subject_has_a_title_and_a_lead() -> None:
    assert all({f"settings_{subject}", f"settings_{subject}_lead"} <= LABELS.keys() for subject in SUBJECTS)


def test_hours_keep_several_spans_nights_whole_days_and_closed_days(people: People, ask: Ask) -> None:
    form = open_form(people("admin"), "hours")
    form |= {"opens-1-0": "08:00", "closes-1-0": "12:00", "opens-1-1": "13:00", "closes-1-1": "17:00"}
    form |= {"all-day-3": "on", "opens-5-0": "20:00", "closes-5-0": "02:00"}
    assert send(people("admin"), "hours", form).status_code == 303
    kept = ask("select weekday, opens::text, closes::text from app.business_hours order by 1, 2")
    assert kept == [
        (1, "08:00:00", "12:00:00"),
        (1, "13:00:00", "17:00:00"),
        (3, "00:00:00", "00:00:00"),
        (5, "20:00:00", "02:00:00"),
    ]
    shown = open_form(people("admin"), "hours")
    assert (shown["opens-1-1"], shown["all-day-3"], shown.get("all-day-1")) == ("13:00", "on", None)
    assert "opens-1-2" in shown


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"opens-2-0": "08:00"}, "closes-2-0"),
        ({"opens-2-0": "8 o'clock", "closes-2-0": "17:00"}, "opens-2-0"),
        ({"opens-2-0": "25:00", "closes-2-0": "17:00"}, "opens-2-0"),
        ({"opens-2-0": "08:00", "closes-2-0": "08:00"}, "closes-2-0"),
        ({"opens-2-0": "08:00", "closes-2-0": "12:00", "opens-2-1": "11:00", "closes-2-1": "17:00"}, "opens-2-1"),
        ({"opens-6-0": "20:00", "closes-6-0": "04:00", "opens-7-0": "03:00", "closes-7-0": "09:00"}, "opens-7-0"),
        ({"opens-7-0": "20:00", "closes-7-0": "08:30", "opens-1-0": "08:00", "closes-1-0": "12:00"}, "opens-1-0"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_field(
    people: People, ask: Ask, typed: dict[str, str], field: str
) -> None:
    before = ask("select * from app.business_hours order by 2, 3")
    answer = send(people("admin"), "hours", {"seen": open_form(people("admin"), "hours")["seen"], **typed})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert fields(answer.text)[field] == typed.get(field, "")
    assert ask("select * from app.business_hours order by 2, 3") == before


def test_a_form_opened_before_somebody_elses_change_does_not_undo_it(people: People, ask: Ask) -> None:
    mine, theirs = people("admin"), people("admin", "Rudi")
    opened = open_form(mine, "hours")
    changed = open_form(theirs, "hours") | {"opens-4-0": "10:00", "closes-4-0": "11:00"}
    assert send(theirs, "hours", changed).status_code == 303

    answer = send(mine, "hours", opened | {"opens-4-0": "06:00", "closes-4-0": "07:00"})
    assert answer.status_code == 409
    assert ask("select opens::text from app.business_hours where weekday = 4") == [("10:00:00",)]
    again = fields(answer.text)
    assert again["opens-4-0"] == "06:00"
    assert send(mine, "hours", again).status_code == 303
    assert ask("select opens::text from app.business_hours where weekday = 4") == [("06:00:00",)]


def test_holidays_are_added_in_a_row_and_removed_one_by_one(people: People, ask: Ask) -> None:
    admin = people("admin")
    assert send(admin, "holidays", {"first": "2027-03-09", "last": "2027-03-12"}).status_code == 303
    assert send(admin, "holidays", {"first": "2027-03-12", "last": ""}).status_code == 303
    assert ask("select count(*) from app.holidays") == [(4,)]
    assert "2027-03-10" in admin.get("/inbox/settings/holidays").text
    assert send(admin, "holidays/2027-03-10/remove", {}).status_code == 303
    assert ask("select count(*) from app.holidays") == [(3,)]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("", "", "first"),
        ("tomorrow", "", "first"),
        ("2027-01-01", "soon", "last"),
        ("2027-01-02", "2027-01-01", "last"),
        ("2027-01-01", "2028-01-01", "last"),
    ],
)
def test_days_that_are_none_are_refused(people: People, first: str, last: str, field: str) -> None:
    answer = send(people("admin"), "holidays", {"first": first, "last": last})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text


def test_a_target_is_kept_in_seconds_and_emptied_for_the_default(people: People, ask: Ask) -> None:
    admin = people("admin")
    ask("insert into app.kpi_targets values ('default', 'first_response_on_time_rate', 600)")
    form = open_form(admin, "targets")
    assert form["first_response_on_time_rate"] == "600"
    assert send(admin, "targets", form | {"first_response_on_time_rate": "120"}).status_code == 303
    assert ask("select metric, target::int from app.kpi_targets") == [("first_response_on_time_rate", 120)]
    form = open_form(admin, "targets")
    assert send(admin, "targets", form | {"first_response_on_time_rate": ""}).status_code == 303
    assert ask("select count(*) from app.kpi_targets") == [(0,)]
    for wrong in ("0", "-5", "fast", "nan", "1e99"):
        assert send(admin, "targets", form | {"first_response_on_time_rate": wrong}).status_code == 422


def test_targets_of_other_figures_are_kept_in_their_units(people: People, ask: Ask) -> None:
    admin = people("admin")
    form = open_form(admin, "targets")
    wanted = {"csat": "85,5", "unanswered_rate": "0", "net_sales": "12500000", "response_time_median": "90"}
    assert send(admin, "targets", form | wanted).status_code == 303
    assert ask("select metric, target::float8 from app.kpi_targets order by 1") == [
        ("csat", 85.5), ("net_sales", 12_500_000), ("response_time_median", 90), ("unanswered_rate", 0)
    ]  # fmt: skip
    form = open_form(admin, "targets")
    assert {name: form[name] for name in wanted} == wanted | {"csat": "85.5"}
    for name, wrong in (("csat", "101"), ("handover_rate", "-1"), ("net_sales", "0"), ("response_time_median", "0")):
        answer = send(admin, "targets", form | {name: wrong})
        assert answer.status_code == 422
        assert f'id="{name}-fault"' in answer.text


def test_costs_are_stated_from_a_month_on_and_amounts_may_have_their_thousands_grouped(
    people: People, ask: Ask
) -> None:
    admin = people("admin")
    form = open_form(admin, "costs") | {"valid_from": "2026-02", "investment": "120.000.000"}
    assert send(admin, "costs", form | {"cost_before": "50,000,000", "cost_now": "25000000,5"}).status_code == 303
    form = open_form(admin, "costs")
    assert (form["valid_from"], form["cost_before"], form["cost_now"]) == ("2026-02", "50000000", "25000000.5")
    derived = {"minutes_per_conversation": "7,5", "agent_cost_per_hour": "30000", "bot_cost_per_month": "0"}
    later = form | {"valid_from": "2026-06", "cost_before": "", "cost_now": ""} | derived
    assert send(admin, "costs", later).status_code == 303
    assert ask("select valid_from::text, cost_before, cost_now, investment::int, minutes_per_conversation::float8,"
               " agent_cost_per_hour::int, bot_cost_per_month::int from app.cost_assumptions order by 1") == [
        ("2026-02-01", 50_000_000, Decimal("25000000.5"), 120_000_000, None, None, None),
        ("2026-06-01", None, None, 120_000_000, 7.5, 30_000, 0),
    ]  # fmt: skip
    assert send(admin, "costs/2026-06/remove", {}).status_code == 303
    assert send(admin, "costs/now/remove", {}).status_code == 303
    assert ask("select valid_from::text from app.cost_assumptions") == [("2026-02-01",)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "February"}, "valid_from"),
        ({"cost_before": "many"}, "cost_before"),
        ({"cost_before": "-1"}, "cost_before"),
        ({"cost_before": "50.0000"}, "cost_before"),
        ({"cost_before": "1,500.000"}, "cost_before"),
        ({"cost_before": ""}, "agent_cost_per_hour"),
        ({"cost_now": "", "agent_cost_per_hour": "1", "minutes_per_conversation": "1"}, "bot_cost_per_month"),
        ({"minutes_per_conversation": "nan"}, "minutes_per_conversation"),
        ({"minutes_per_conversation": "0"}, "minutes_per_conversation"),
    ],
)
def test_costs_that_say_nothing_are_refused_beside_their_field(
    people: People, ask: Ask, typed: dict[str, str], field: str
) -> None:
    before = ask("select * from app.cost_assumptions order by 2")
    form = {"seen": open_form(people("admin"), "costs")["seen"], "valid_from": "2026-03", "cost_before": "9"}
    answer = send(people("admin"), "costs", form | {"cost_now": "4"} | typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert ask("select * from app.cost_assumptions order by 2") == before


def test_the_bots_switches_are_kept_with_who_changed_them(people: People, ask: Ask) -> None:
    admin = people("admin")
    form = open_form(admin, "bot")
    assert (form["is_bot_on"], form["pause_seconds"]) == ("on", "2.5")
    del form["is_bot_on"]
    assert send(admin, "bot", form | {"pause_seconds": "1,5"}).status_code == 303
    kept = ask(
        "select is_bot_on, pause_seconds::float, asks_for_ratings, updated_by is not null from app.store_options"
    )
    assert kept == [(False, 1.5, True, True)]
    assert send(admin, "bot", form).status_code == 409
    for wrong in ("4", "-1", "", "soon"):
        assert send(admin, "bot", open_form(admin, "bot") | {"pause_seconds": wrong}).status_code == 422


def test_replies_go_to_public_https_addresses_only(people: People, ask: Ask) -> None:
    admin = people("admin")
    refused = (
        "chat.example.com", "http://8.8.8.8/replies", "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/",
        "https://192.168.1.1/", "https://169.254.169.254/latest", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://100.64.0.1/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::1]/", "https://[::127.0.0.1]/",
        "https://0.0.0.0/", "ftp://8.8.8.8/", "https://me:secret@8.8.8.8/", "https://[8.8.8.8/",
    )  # fmt: skip
    for url in refused:
        answer = send(admin, "channels", {"channel": "web", "url": url})
        assert answer.status_code == 422, url
        assert 'id="url-fault"' in answer.text
    for channel in ("whatsapp", "Web Chat!", ""):
        assert send(admin, "channels", {"channel": channel, "url": "https://8.8.8.8/"}).status_code == 422
    assert send(admin, "channels", {"channel": "web", "url": "https://8.8.8.8/replies"}).status_code == 303
    assert send(admin, "channels", {"channel": "web", "url": "https://8.8.4.4/"}).status_code == 422
    assert ask("select channel, url from app.reply_channels") == [("web", "https://8.8.8.8/replies")]
    assert send(admin, "channels/web/remove", {}).status_code == 303
    assert ask("select count(*) from app.reply_channels") == [(0,)]


def test_a_secret_for_chatbot_events_is_shown_once_and_signs_this_shops_events(
    people: People, ask: Ask, app: Flask, senders: Senders
) -> None:
    admin = people("admin")
    answer = send(admin, "channels/secret", {})
    (secret,) = re.findall(r"<code>(whsec_[^<]+)</code>", answer.text)
    assert secret not in admin.get("/inbox/settings/channels").text
    delivery = senders.events(senders.event(event_id="signed"), html.unescape(secret))
    assert app.test_client().post(delivery.path, data=delivery.body, headers=delivery.headers).status_code == 200
    assert ask("select store_id from raw.chatbot_events where event_id = 'signed'") == [("default",)]
    (newer,) = re.findall(r"<code>(whsec_[^<]+)</code>", send(admin, "channels/secret", {}).text)
    assert newer != secret


def test_private_addresses_are_allowed_by_their_own_setting_alone(module_settings: Settings) -> None:
    private = ("http://127.0.0.1:9000/replies", "http://10.0.0.1/", "https://[::1]/")
    beside_a_stand_in = module_settings.model_copy(update={"twilio_api_base": "http://127.0.0.1:8001"})
    for settings in (module_settings, beside_a_stand_in):
        assert [fault_of(url, settings) for url in private] == ["https", "https", "private"]
    allowing = module_settings.model_copy(update={"allow_private_addresses": True})
    assert [fault_of(url, allowing) for url in private] == [None] * 3
    assert fault_of("http://8.8.8.8/", allowing) == "https"


def test_words_of_service_dimensions_start_with_ours_and_are_found_by_their_stems(people: People, ask: Ask) -> None:
    admin = people("admin")
    form = open_form(admin, "dimensions")
    assert "kirim" in form["fulfilment"].split("\n")
    changed = form | {"fulfilment": "Pengiriman\nongkir", "reliability": "money", "compensation": ""}
    assert send(admin, "dimensions", changed).status_code == 303
    found = ask("select term, stem from app.service_dimensions where dimension = 'fulfilment' order by term")
    assert found == [("ongkir", "ongkos kirim"), ("pengiriman", "kirim")]
    assert open_form(admin, "dimensions")["compensation"] == ""
    assert send(admin, "dimensions", form).status_code == 409
    for wrong in ("dan", "barang datang rusak parah", "dikirim", "a" * 81):
        assert send(admin, "dimensions", open_form(admin, "dimensions") | {"reliability": wrong}).status_code == 422


def test_words_of_anger_are_a_line_each_in_small_letters(people: People, ask: Ask) -> None:
    admin = people("admin")
    form = open_form(admin, "anger")
    assert send(admin, "anger", form | {"words": "Penipu\n\n  kecewa  berat \npenipu\n"}).status_code == 303
    assert ask("select word from app.anger_words order by word") == [("kecewa berat",), ("penipu",)]
    assert send(admin, "anger", form | {"words": "lain"}).status_code == 409
    long = open_form(admin, "anger") | {"words": "a" * 61}
    assert send(admin, "anger", long).status_code == 422


def test_thirty_topics_are_shown_and_the_others_after_a_click(people: People, ask: Ask) -> None:
    for number in range(35):
        ask(
            "insert into ml.topics (store_id, name_id, name_en, language, centre, messages)"
            " values ('default', %s, null, 'id', '', %s)",
            f"topik {number}", 1000 - number,
        )  # fmt: skip
    shown, _, rest = people("admin").get("/inbox/settings/topics").text.partition("<details>")
    assert [f"topik {number}<" in shown for number in (0, 29, 30)] == [True, True, False]
    assert "topik 34<" in rest
    ask("delete from ml.topics where name_id like 'topik %%'")


def test_topics_are_renamed_merged_and_muted_and_followers_go_along(people: People, ask: Ask) -> None:
    admin = people("admin")
    first, second, third = (
        ask(
            "insert into ml.topics (store_id, name_id, name_en, language, centre, messages)"
            " values ('default', %s, null, 'id', '', %s) returning topic_id",
            name,
            messages,
        )[0][0]
        for name, messages in (("parkir", 9), ("susu oat", 5), ("garansi", 3))
    )
    assert "susu oat" in admin.get("/inbox/settings/topics").text
    form = open_form(admin, f"topics/{first}")
    assert send(admin, f"topics/{first}", form | {"name": " Parkir motor ", "is_muted": "y"}).status_code == 303
    assert send(admin, f"topics/{first}", form | {"name": "lain"}).status_code == 409
    for topic, into in ((third, second), (second, first)):
        form = open_form(admin, f"topics/{topic}")
        assert send(admin, f"topics/{topic}", form | {"merged_into": str(into)}).status_code == 303
    settings = "select topic_id, name, merged_into, is_muted from app.topic_settings order by topic_id"
    assert ask(settings) == [
        (first, "Parkir motor", None, True),
        (second, None, first, False),
        (third, None, first, False),
    ]
    for wrong in (first, second, 999, "x"):
        form = open_form(admin, f"topics/{first}")
        assert send(admin, f"topics/{first}", form | {"merged_into": str(wrong)}).status_code == 422
    assert admin.get("/inbox/settings/topics/999").status_code == 404


@pytest.mark.parametrize("language", ["en", "id"])
def test_errors_are_in_the_readers_language_beside_what_was_typed(people: People, ask: Ask, language: str) -> None:
    admin = people("admin")
    admin.post("/inbox/language", {"language": language, "next": "/inbox"})
    before = ask("select count(*) from app.users")
    answer = send(admin, "people", {"name": "", "email": "nobody", "role": "owner"})
    assert answer.status_code == 422
    for sentence in (
        "This field is required.",
        "Enter an e-mail address, such as name@example.com.",
        "Choose an option from the list.",
    ):
        assert f'-fault">{translate(language, sentence)}</p>' in answer.text
    assert fields(answer.text, "/inbox/settings/people")["email"] == "nobody"
    answer = send(admin, "people", {"name": "N" * 81, "email": "long@shop.example", "role": "agent"})
    assert f'id="name-fault">{translate(language, "At most {most} characters.", most=80)}</p>' in answer.text
    assert fields(answer.text, "/inbox/settings/people")["name"] == "N" * 81
    assert ask("select count(*) from app.users") == before


def test_a_request_for_headers_alone_saves_nothing(people: People, ask: Ask) -> None:
    """HEAD carries no token, and goes where GET goes."""
    admin = people("admin")
    form = open_form(admin, "anger")
    before = ask("select word from app.anger_words order by word")
    answer = admin.client.head("/inbox/settings/anger", data=form | {"words": "diam-diam"})
    assert answer.status_code == 200
    assert ask("select word from app.anger_words order by word") == before


def test_another_shop_has_settings_of_its_own_and_an_unknown_one_none(people: People, ask: Ask) -> None:
    ask("insert into app.stores (store_id, name) values ('second', 'Kedai Dua')")
    admin = people("admin")
    page = admin.get("/inbox/settings/anger?store=second")
    assert "Kedai Dua" in page.text
    assert 'href="/inbox/settings/hours?store=second"' in page.text
    form = fields(page.text)
    assert admin.post("/inbox/settings/anger?store=second", form | {"words": "marah"}).location.endswith("store=second")
    assert ask("select store_id from app.anger_words where word = 'marah'") == [("second",)]
    assert admin.get("/inbox/settings/anger?store=third").status_code == 404
