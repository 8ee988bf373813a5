"""Predicting from the marts, as the role scorer: what an episode is known by, what is written, and what may be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg2 import errors

from ml.marts import NoMarts
from ml.satisfaction import episodes, predictions
from ml.satisfaction.__main__ import main
from ml.satisfaction.episodes import Episode
from pipeline import transform
from tests.support.scored_shop import run_without_training_packages
from warehouse.connection import transaction
from warehouse.settings import Settings

MONDAY = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=60)

Event = tuple[float, str, str | int | None, bool | None]
"""Minutes after the start; a message's author or another type of event; text or rating; whether the bot answered."""

MISUNDERSTOOD: list[Event] = [
    (0, "customer", "kak paket saya belum sampai", None),
    (1, "bot", "Boleh nomor pesanannya?", True),
    (2, "customer", "paket sy blm sampe!!", None),
    (3, "bot", "Maaf, saya belum paham.", False),
    (5, "customer", "tolong sambungkan admin", None),
    (8, "bot", "Baik, kami sampaikan.", True),
    (9, "customer", "berapa ongkir ke Bandung", None),
    (9.5, "customer", "yang reguler", None),
    (10, "bot", "Rp10.000", True),
]
WELL_SERVED: list[Event] = [
    (0, "customer", "has my order been sent", None),
    (0.5, "bot", "Yes, this morning.", True),
]


def land(settings: Settings, customer: str, events: list[Event], start: datetime = MONDAY) -> None:
    with transaction("owner", settings) as landing, landing.cursor() as cursor:
        for number, (minute, kind, said, answered) in enumerate(events):
            is_message = kind in ("customer", "bot", "agent")
            cursor.execute(
                "insert into raw.chatbot_events (event_id, type, occurred_at, channel, store_id, customer_key, id_key,"
                " author, text, answered, rating, payload, payload_hash)"
                " values (%s, %s, %s, 'web', 'default', %s, %s, %s, %s, %s, %s, '{}', 'hash')",
                (
                    f"{customer} {start:%d} {number}",
                    "message" if is_message else kind,
                    start + timedelta(minutes=minute),
                    customer,
                    customer,
                    kind if is_message else None,
                    said if is_message else None,
                    answered,
                    None if is_message else said,
                ),
            )


def whatsapp(settings: Settings, customer: str) -> None:
    """The same question twice, the second time without an answer."""
    with transaction("owner", settings) as landing, landing.cursor() as cursor:
        for number, (direction, body) in enumerate(
            [("inbound", "where is my parcel"), ("outbound", "On its way"), ("inbound", "Where is my parcel???")]
        ):
            cursor.execute(
                "insert into raw.twilio_messages (message_sid, store_id, channel, direction, customer_key, body,"
                " record, sent_at, received_at) values (%s, 'default', 'whatsapp', %s, %s, %s, '{}', %s, now())",
                (f"SM{number}", direction, customer, body, MONDAY + timedelta(minutes=number)),
            )


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with transaction("owner", settings) as reading, reading.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def stored_predictions(settings: Settings) -> list[tuple[Any, ...]]:
    return rows(settings, "select * from ml.satisfaction_predictions order by episode_id")


@pytest.fixture(scope="module")
def episode_settings(module_settings: Settings) -> Settings:
    """Forty rated episodes, of every second customer a bad one, and three that nobody rated."""
    for number in range(40):
        bad = number % 2
        land(
            module_settings,
            f"rated-{number:02}",
            [*(MISUNDERSTOOD if bad else WELL_SERVED), (12 + number / 7, "rating", 2 if bad else 5, None)],
        )
    land(module_settings, "misunderstood", MISUNDERSTOOD)
    land(module_settings, "well-served", WELL_SERVED)
    land(module_settings, "ongoing", WELL_SERVED, LATER - timedelta(minutes=5))
    whatsapp(module_settings, "by-phone")
    transform.build(LATER, module_settings)
    return module_settings


def of(settings: Settings, customer: str) -> Episode:
    (found,) = episodes.read(settings, customer)
    return found


def test_an_episode_is_known_by_its_turns_and_messages(episode_settings: Settings) -> None:
    found = of(episode_settings, "misunderstood")
    # four turns: one is repeated and meets a fallback, the others are understood
    assert found.comprehension == 75
    assert (found.rating, found.messages, found.fallbacks, found.issue) == (None, 9, 1, "other")
    assert found.duration_minutes == 10
    assert found.reply_minutes == pytest.approx((1 + 1 + 3 + 1) / 4)
    assert of(episode_settings, "rated-01").rating == 2
    assert of(episode_settings, "well-served").comprehension == 100


def test_on_whatsapp_too_and_who_got_no_reply_waited_until_the_end(episode_settings: Settings) -> None:
    found = of(episode_settings, "by-phone")
    assert (found.comprehension, found.messages, found.fallbacks) == (50, 3, 0)
    assert found.reply_minutes == pytest.approx((1 + 7 * 24 * 60) / 2)


def test_only_ended_episodes_are_read_unless_one_is_asked_for(episode_settings: Settings) -> None:
    assert len(episodes.read(episode_settings)) == 43
    assert episodes.read(episode_settings, only_rated=True) == [
        one for one in episodes.read(episode_settings) if one.rating is not None
    ]
    assert of(episode_settings, "ongoing").comprehension == 100
    assert episodes.read(episode_settings, of(episode_settings, "ongoing").id) == [of(episode_settings, "ongoing")]


def test_predictions_are_written_once_and_again_changes_nothing(episode_settings: Settings) -> None:
    assert predictions.predict(episode_settings) in (43, 0)
    before = stored_predictions(episode_settings)
    assert len(before) == 43
    assert predictions.predict(episode_settings) == 0
    assert stored_predictions(episode_settings) == before


def test_only_what_is_not_predicted_as_it_is_now_is_read_again(episode_settings: Settings) -> None:
    predictions.predict(episode_settings)
    [[version]] = rows(episode_settings, "select model_version from ml.satisfaction_models where in_use")
    assert episodes.read(episode_settings, unpredicted_by=version) == []
    assert len(episodes.read(episode_settings, unpredicted_by="another")) == 43
    changed = of(episode_settings, "rated-01")
    with transaction("scorer", episode_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "update ml.satisfaction_predictions set predicted_from = '(before,,)' where episode_id = %s", (changed.id,)
        )
    assert episodes.read(episode_settings, unpredicted_by=version) == [changed]
    assert predictions.predict(episode_settings) == 1
    assert episodes.read(episode_settings, unpredicted_by=version) == []


def models(settings: Settings) -> list[tuple[Any, ...]]:
    return rows(
        settings,
        "select model_version, in_use, reason, content != '{}', metrics != '{}' from ml.satisfaction_models"
        " order by trained_at",
    )


def test_the_first_model_is_learned_by_predicting_and_stays_until_it_is_retrained(episode_settings: Settings) -> None:
    predictions.predict(episode_settings)
    ((version, in_use, reason, has_rows, _),) = models(episode_settings)
    assert (in_use, reason, has_rows) == (True, "the first", True)
    assert not predictions.is_old(episode_settings)
    assert predictions.is_old(episode_settings, after=timedelta())
    predictions.predict(episode_settings)
    assert [model[0] for model in models(episode_settings)] == [version]


def test_retraining_compares_with_other_ways_to_learn_and_predicts_the_same_of_the_same(
    episode_settings: Settings,
) -> None:
    predictions.predict(episode_settings)
    before = stored_predictions(episode_settings)
    version = predictions.retrain(episode_settings)
    assert models(episode_settings) == [(version, True, "retrained", True, True)]
    ((metrics,),) = rows(episode_settings, "select metrics from ml.satisfaction_models where in_use")
    assert {"3 neighbours", "decision tree", "logistic regression"} <= metrics.keys()
    assert metrics["3 neighbours"]["recall"] == 1
    assert predictions.predict(episode_settings) == 0
    assert stored_predictions(episode_settings) == before


def test_unrated_customers_are_judged_by_those_to_whom_the_same_happened(episode_settings: Settings) -> None:
    predictions.predict(episode_settings)
    for customer, expected in (("misunderstood", False), ("well-served", True)):
        ((satisfied, share, doubts, neighbours, rests_on_rating, version),) = rows(
            episode_settings,
            "select satisfied, satisfied_share, doubts, neighbours, rests_on_rating, model_version"
            f" from ml.satisfaction_predictions where episode_id = '{of(episode_settings, customer).id}'",
        )
        assert (satisfied, share, doubts, rests_on_rating) == (expected, float(expected), [], False)
        assert version.startswith("extended-")
        assert [near["satisfied"] for near in neighbours] == [expected] * 3
        assert neighbours == sorted(neighbours, key=lambda near: near["distance"])
        known = {one.id for one in episodes.read(episode_settings) if one.rating is not None}
        assert {near["episode"] for near in neighbours} <= known


def test_an_episode_is_no_neighbour_of_itself(episode_settings: Settings) -> None:
    predictions.predict(episode_settings)
    found = rows(episode_settings, "select episode_id, neighbours, rests_on_rating from ml.satisfaction_predictions")
    assert sum(rests_on_rating for _, _, rests_on_rating in found) == 40
    assert all(episode not in {near["episode"] for near in neighbours} for episode, neighbours, _ in found)


@pytest.mark.parametrize("by", ["id", "customer_key"])
def test_explain_says_why_and_nothing_that_was_said(
    episode_settings: Settings, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", getattr(of(episode_settings, "misunderstood"), by)]) == 0
    shown = capsys.readouterr().out
    assert (
        "Predicted not satisfied: so were 3 of its 3 nearest, says the extended model from 40 rated episodes." in shown
    )
    assert "comprehension 75 %, not rated, 10.0 min, replies after 1.5 min, 9 messages, 1 without an answer" in shown
    assert shown.count("distance") == 3
    assert not any(word in shown for word in ("paket", "ongkir", "misunderstood", "rated-"))


def test_explaining_what_is_not_there_says_so(episode_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "nobody"]) == 2
    assert "no episode and no customer is called nobody" in capsys.readouterr().err


def test_the_report_says_how_few_there_are(episode_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Ended episodes: 43. Rated: 40, by 40 customers. Satisfied (rating 4 or 5): 20." in shown
    assert "logistic regression" in shown


def test_predicting_needs_no_training_packages(episode_settings: Settings) -> None:
    run = run_without_training_packages("ml.satisfaction", arguments=["predict"])
    assert run.returncode == 0, run.stderr.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "select episode_id, customer_key from marts.fct_episodes",
        "select episode_id, response_seconds from marts.fct_turns",
        "select episode_id, is_answered from marts.fct_messages",
        "select * from ml.satisfaction_predictions",
    ],
)
def test_the_scorer_reads_what_predicting_needs(episode_settings: Settings, statement: str) -> None:
    with transaction("scorer", episode_settings) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("scorer", "select is_bot_success from marts.fct_episodes"),
        ("scorer", "select customer_key from marts.fct_messages"),
        ("scorer", "select * from marts.fct_turns"),
        ("scorer", "select * from marts.kpi_daily"),
        ("scorer", "select * from marts.fct_ratings"),
        ("scorer", "select * from intermediate.int_episodes"),
        ("scorer", "delete from marts.fct_messages"),
        ("dbt", "delete from ml.satisfaction_predictions"),
        ("reader", "select * from ml.satisfaction_predictions"),
        ("webhook", "select * from ml.satisfaction_predictions"),
    ],
)
def test_and_nobody_more(episode_settings: Settings, role: Any, statement: str) -> None:
    with transaction(role, episode_settings) as connection, connection.cursor() as cursor:
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(statement)
        connection.rollback()


def test_dbt_reads_the_predictions(episode_settings: Settings) -> None:
    with transaction("dbt", episode_settings) as connection, connection.cursor() as cursor:
        cursor.execute("select * from ml.satisfaction_predictions")


def test_without_marts_the_command_that_builds_them_is_named(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NoMarts):
        predictions.predict(settings)
    assert main(["predict"]) == 2
    assert "make kpis" in capsys.readouterr().err


def test_an_erased_customer_leaves_the_predictions_and_everybodys_neighbours(settings: Settings) -> None:
    for number in range(32):
        land(settings, f"rated-{number:02}", [*WELL_SERVED, (5, "rating", 1 if number % 2 else 5, None)])
    transform.build(LATER, settings)
    predictions.retrain(settings)
    predictions.predict(settings)
    gone = of(settings, "rated-00").id
    assert any(gone in str(row) for row in stored_predictions(settings))
    with transaction("owner", settings) as erasing, erasing.cursor() as cursor:
        cursor.execute("delete from raw.chatbot_events where customer_key = 'rated-00'")
    transform.build(LATER, settings, full_refresh=True)
    predictions.predict(settings)
    assert len(stored_predictions(settings)) == 31
    assert not any(gone in str(row) for row in stored_predictions(settings))
    assert [model[1:4] for model in models(settings)] == [
        (False, "retrained", False),
        (True, "an episode it rested on is gone", True),
    ]
    assert gone not in str(rows(settings, "select content from ml.satisfaction_models"))
