"""Each component may do its work, and is refused what is not its work."""

from __future__ import annotations

import psycopg2
import pytest
from psycopg2 import errors

from warehouse.connection import transaction
from warehouse.settings import COMPONENT_ROLES, Role, Settings

MESSAGE = """
insert into raw.twilio_messages (message_sid, store_id, channel, direction, customer_key, payload)
values ('SM1', 'default', 'whatsapp', 'inbound', 'k', '{}') on conflict do nothing
"""
STATUS = (
    "insert into raw.twilio_statuses (message_sid, payload_hash, status, payload) values ('SM1', 'h', 'sent', '{}')"
)

ALLOWED: list[tuple[Role, str]] = [
    ("webhook", MESSAGE),
    ("webhook", STATUS + " on conflict do nothing"),
    ("webhook", "select message_sid, payload_hash from raw.twilio_messages"),
    ("webhook", "select event_id, payload_hash from raw.chatbot_events"),
    ("webhook", "select store_id, webhook_secret from app.stores"),
    ("webhook", "select app.register_store('no such code', 'https://shop.example', '', '', '')"),
    ("webhook", "select app.disconnect_store('no such shop')"),
    (
        "webhook",
        "insert into raw.woocommerce_clicks (store_id, click_id, clicked_at, payload_hash, payload)"
        " values ('s', 'c', now(), 'h', '{}') on conflict do nothing",
    ),
    ("webhook", "select * from app.survey_waves, app.survey_items"),
    ("webhook", "select app.survey_response('s', 'w', 'r')"),
    ("webhook", "select app.answer_survey('s', 'w', 'r', 'link', 'id', '[]', null, false)"),
    ("bot", "select app.survey_response('s', 'w', 'r')"),
    ("bot", "select app.answer_survey('s', 'w', 'r', 'whatsapp', 'id', '[]', null, false)"),
    ("bot", "update app.survey_invitations set state = 'asking'"),
    ("bot", "select * from app.survey_waves, app.survey_items, app.survey_invitations"),
    ("inbox", "select * from raw.survey_respondents, raw.survey_answers, app.survey_invitations"),
    ("inbox", "update app.survey_waves set state = 'open'"),
    ("inbox", "delete from app.survey_items"),
    ("webhook", "select version_num from public.alembic_version"),
    ("loader", MESSAGE),
    ("loader", "update raw.twilio_messages set sent_at = now()"),
    ("loader", "update app.stores set consumer_key = 'x'"),
    ("loader", "insert into app.sync_positions (source, store_id, position) values ('twilio', 'default', now())"),
    ("scorer", "select message_sid, body from raw.twilio_messages"),
    ("scorer", "select event_id, text from raw.chatbot_events"),
    ("scorer", "delete from ml.message_labels"),
    (
        "scorer",
        "insert into ml.insights (store_id, dashboard, language, first_day, last_day, text, figures, worded_by)"
        " values ('s', 'd', 'en', now(), now(), 't', '[]', 'template') on conflict do nothing",
    ),
    ("scorer", "select * from ml.insights, app.language_model_calls"),
    ("scorer", "delete from ml.topic_messages"),
    ("scorer", "select * from app.topic_settings"),
    ("dbt", "select * from ml.topics, ml.topic_messages, ml.topic_growth, app.topic_settings"),
    ("inbox", "update app.topic_settings set is_muted = true"),
    ("scorer", "select text from raw.current_reviews"),
    ("scorer", "delete from ml.message_sentiments"),
    ("scorer", "delete from ml.review_sentiments"),
    ("scorer", "update ml.sentiment_models set in_use = false"),
    ("scorer", "select store_id from app.service_dimensions"),
    ("validator", "select * from raw.twilio_messages, raw.chatbot_events, raw.twilio_statuses"),
    ("validator", "insert into quality.validations (run_id, suite, verdict) values (gen_random_uuid(), 's', 'pass')"),
    (
        "validator",
        "insert into quality.documents (name, path, content_type, body) values ('data_docs', 's', 'text/html', '')",
    ),
    ("validator", "update quality.incidents set closed_at = now()"),
    ("dbt", "delete from quality.documents"),
    ("inbox", "select body from quality.documents"),
    ("dbt", "select * from raw.twilio_messages, app.holidays, ml.message_labels, quality.validations"),
    ("dbt", "select * from ml.message_sentiments, ml.review_sentiments, app.service_dimensions"),
    ("dbt", "select * from app.store_settings"),
    ("dbt", "select * from app.reply_facts, app.conversation_events, ml.current_labels"),
    ("dbt", "select * from app.conversation_states, app.seen_stores, app.woocommerce_syncs, app.twilio_syncs"),
    ("bot", "select body from raw.twilio_messages"),
    ("bot", "select * from app.messages, app.conversations, app.rules, raw.woocommerce_orders"),
    ("bot", "select * from queue.procrastinate_jobs"),
    ("bot", "update queue.procrastinate_jobs set status = 'todo' where status = 'doing'"),
    ("bot", "delete from queue.procrastinate_workers"),
    ("bot", MESSAGE),
    ("bot", "insert into app.outbound_messages (message_sid, author) values ('SM1', 'bot')"),
    ("bot", "update app.customers set opted_out_at = now()"),
    ("bot", "update app.media set state = 'gone'"),
    ("bot", "select * from app.reply_facts, app.reply_channels, app.store_options, raw.twilio_statuses"),
    ("bot", "select queue.enqueue('send', 'conversation 1', '{}', now(), -1)"),
    ("inbox", "select * from app.messages, app.conversations, app.bot_decisions, raw.woocommerce_orders"),
    ("inbox", "select * from app.conversation_facts, app.reply_facts"),
    ("inbox", "delete from app.service_dimensions"),
    ("inbox", "select max(last_heartbeat) from queue.procrastinate_workers"),
    ("inbox", "select max(checked_at) from quality.source_freshness"),
    ("inbox", "select stores.url, synced_at from app.stores inner join app.woocommerce_syncs using (store_id)"),
    ("inbox", "select queue.enqueue('send', 'conversation 1', '{}')"),
    ("dbt", "create table marts.made (x int)"),
    ("dbt", "create view staging.made as select 1 as x"),
    ("bot", "select * from ml.encoders, ml.speech_act_heads"),
    ("bot", "delete from app.knowledge_passages"),
    ("inbox", "delete from app.knowledge_documents"),
    ("inbox", "select text from app.knowledge_passages"),
    ("dbt", "create table intermediate.made (x int)"),
    ("loader", "update raw.reviews set withdrawn_at = now()"),
    ("loader", "select timezone from app.store_settings"),
    ("scorer", "select text from raw.current_reviews"),
    ("dbt", "select review_id, version, text from raw.reviews"),
    ("validator", "select count(*) from raw.reviews"),
    ("bot", "update app.review_uploads set content = null, state = 'done'"),
    ("inbox", "select content from app.set_aside_reviews"),
    ("inbox", "delete from app.review_uploads"),
    ("inbox", "delete from app.cost_assumptions"),
    ("dbt", "select * from app.cost_assumptions, ml.forecasts, ml.forecast_evaluations"),
    ("scorer", "delete from ml.forecast_evaluations"),
    ("scorer", "delete from ml.forecasts"),
]

REFUSED: list[tuple[Role, str]] = [
    ("webhook", "select body from raw.twilio_messages"),
    ("webhook", "select payload from raw.chatbot_events"),
    ("webhook", "select * from raw.twilio_statuses"),
    ("webhook", "update raw.twilio_messages set body = 'x'"),
    ("webhook", "delete from raw.twilio_messages"),
    ("webhook", "truncate raw.twilio_messages"),
    ("webhook", "select * from app.stores"),
    ("webhook", "select consumer_secret from app.stores"),
    ("webhook", "update app.stores set url = 'x'"),
    ("webhook", "select payload from raw.woocommerce_deliveries"),
    ("webhook", "select * from ml.models"),
    ("webhook", "select * from raw.survey_answers"),
    ("webhook", "select * from raw.survey_respondents"),
    ("webhook", "select * from app.survey_invitations"),
    ("webhook", "insert into raw.survey_answers select * from raw.survey_answers"),
    ("webhook", "update app.survey_waves set state = 'open'"),
    ("bot", "select * from raw.survey_answers"),
    ("bot", "insert into app.survey_invitations select * from app.survey_invitations"),
    ("bot", "update app.survey_waves set state = 'open'"),
    ("inbox", "update raw.survey_answers set performance = 5"),
    ("inbox", "insert into raw.survey_respondents select * from raw.survey_respondents"),
    ("inbox", "select app.answer_survey('s', 'w', 'r', 'link', 'id', '[]', null, false)"),
    ("inbox", "delete from app.survey_waves"),
    ("loader", "select app.survey_response('s', 'w', 'r')"),
    ("reader", "select * from raw.survey_answers"),
    ("loader", "delete from raw.twilio_messages"),
    ("loader", "delete from app.stores"),
    ("loader", "delete from raw.woocommerce_orders"),
    ("loader", "update raw.woocommerce_deliveries set topic = 'x'"),
    ("loader", "select * from ml.message_labels"),
    ("loader", "insert into quality.validations (run_id, suite, verdict) values (gen_random_uuid(), 's', 'pass')"),
    ("loader", "update raw.reviews set text = 'x'"),
    ("loader", "delete from raw.reviews"),
    ("scorer", "select author from raw.reviews"),
    ("dbt", "select author from raw.reviews"),
    ("inbox", "insert into raw.reviews select * from raw.reviews"),
    ("inbox", "select * from raw.rejected"),
    ("scorer", "select payload from raw.twilio_messages"),
    ("scorer", "select customer_key from raw.chatbot_events"),
    ("scorer", "update raw.twilio_messages set body = 'x'"),
    ("scorer", "select * from app.stores"),
    ("scorer", "delete from ml.insights"),
    ("scorer", "update app.topic_settings set is_muted = true"),
    ("dbt", "update app.topic_settings set is_muted = true"),
    ("inbox", "update ml.topics set name_en = 'x'"),
    ("inbox", "select * from ml.topic_messages"),
    ("scorer", "select author from raw.reviews"),
    ("scorer", "delete from app.service_dimensions"),
    ("loader", "select * from ml.review_sentiments"),
    ("dbt", "delete from ml.review_sentiments"),
    ("bot", "select * from ml.sentiment_models"),
    ("inbox", "select * from ml.sentiment_models"),
    ("reader", "select * from ml.review_sentiments"),
    ("reader", "select * from app.service_dimensions"),
    ("scorer", "select app.register_store('no such code', 'https://shop.example', '', '', '')"),
    ("inbox", "select app.disconnect_store('no such shop')"),
    ("validator", "insert into raw.twilio_statuses select * from raw.twilio_statuses"),
    ("validator", "delete from quality.validations"),
    ("validator", "select * from app.stores"),
    ("validator", "delete from quality.incidents"),
    ("reader", "select * from quality.incidents"),
    ("inbox", "delete from quality.documents"),
    ("inbox", "select * from quality.validations"),
    ("reader", "select * from quality.documents"),
    ("webhook", "select * from quality.documents"),
    ("dbt", "insert into raw.conflicts select * from raw.conflicts"),
    ("dbt", "delete from ml.message_labels"),
    ("dbt", "insert into app.stores (store_id) values ('x')"),
    ("dbt", "select store_id from app.stores"),
    ("dbt", "insert into quality.validations (run_id, suite, verdict) values (gen_random_uuid(), 's', 'pass')"),
    ("bot", "update raw.twilio_messages set body = 'x'"),
    ("bot", "delete from app.replies"),
    ("bot", "insert into raw.twilio_statuses select * from raw.twilio_statuses"),
    ("bot", "delete from app.conversation_events"),
    ("bot", "update app.reply_channels set url = 'x'"),
    ("bot", "select consumer_secret from app.stores"),
    ("bot", "select password_hash from app.users"),
    ("bot", "update app.rules set intent = 'x'"),
    ("inbox", "select consumer_secret from app.stores"),
    ("inbox", "insert into raw.twilio_messages select * from raw.twilio_messages"),
    ("inbox", "select * from queue.procrastinate_jobs"),
    ("inbox", "select * from queue.procrastinate_workers"),
    ("inbox", "select * from quality.source_freshness"),
    ("inbox", "select consumer_key from app.stores"),
    ("inbox", "update app.bot_decisions set reason = 'x'"),
    ("inbox", "update app.knowledge_passages set text = 'x'"),
    ("inbox", "update ml.encoders set in_use = false"),
    ("inbox", "select * from ml.speech_act_heads"),
    ("inbox", "select * from raw.woocommerce_products"),
    ("inbox", "select * from raw.woocommerce_variations"),
    ("bot", "delete from app.knowledge_documents"),
    ("bot", "update ml.encoders set in_use = false"),
    ("bot", "update ml.speech_act_heads set recipe = 'x'"),
    ("webhook", "select text from app.knowledge_passages"),
    ("loader", "select content from app.knowledge_documents"),
    ("inbox", "select * from marts.kpi_daily"),
    ("inbox", "select * from ml.forecasts"),
    ("dbt", "delete from app.cost_assumptions"),
    ("dbt", "delete from ml.forecasts"),
    ("scorer", "select * from app.cost_assumptions"),
    ("dbt", "select body from app.replies"),
    ("dbt", "select * from app.users"),
    ("dbt", "select last_text from app.conversations"),
    ("scorer", "select * from app.replies"),
    ("webhook", "select * from app.conversations"),
    ("webhook", "select queue.enqueue('answer', 'x', '{}')"),
    ("bot", "insert into app.stores (store_id) values ('x')"),
    ("reader", "select * from raw.twilio_messages"),
    ("reader", "select * from app.stores"),
    ("reader", "select * from ml.message_labels"),
    ("reader", "select * from ml.insights"),
    ("reader", "select * from quality.validations"),
    ("reader", "create table marts.made (x int)"),
]


@pytest.mark.parametrize(("role", "statement"), ALLOWED)
def test_a_component_may_do_its_work(module_settings: Settings, role: Role, statement: str) -> None:
    with transaction(role, module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        connection.rollback()


@pytest.mark.parametrize(("role", "statement"), REFUSED)
def test_a_component_is_refused_what_is_not_its_work(module_settings: Settings, role: Role, statement: str) -> None:
    with transaction(role, module_settings) as connection, connection.cursor() as cursor:
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(statement)
        connection.rollback()


@pytest.mark.parametrize("role", COMPONENT_ROLES)
def test_no_component_is_more_than_a_login(module_settings: Settings, role: Role) -> None:
    with transaction(role, module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = %s", (role,)
        )
        assert cursor.fetchone() == (False, False, False, False)
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("create table public.made (x int)")
        connection.rollback()


@pytest.mark.parametrize("role", COMPONENT_ROLES)
def test_a_wrong_password_lets_nobody_in(module_settings: Settings, role: Role) -> None:
    wrong = module_settings.model_copy(update={f"{role}_password": None})
    url = str(module_settings.database_url).partition("@")[2]
    assert wrong.password(role) is None
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(f"postgresql://{role}:wrong@{url}")


def test_what_dbt_builds_in_marts_the_reader_reads(module_settings: Settings) -> None:
    with transaction("dbt", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("create table marts.shown as select 7 as seven")
        cursor.execute("create table intermediate.hidden as select 7 as seven")
    with transaction("reader", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("select seven from marts.shown")
        assert cursor.fetchone() == (7,)
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("select seven from intermediate.hidden")
        connection.rollback()
