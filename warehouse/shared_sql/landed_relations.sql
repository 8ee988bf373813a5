{#
    The relations that `conversation_events` and `open_conversations` read, for
    use outside dbt: the landed tables with the names and columns of dbt's staging models, and the
    text of messages. Test conversations are among them here, and never in dbt.
#}
{% macro landed_relations() -%}
twilio_messages as not materialized (
    select
        twilio_messages.message_sid as message_id,
        twilio_messages.store_id,
        twilio_messages.channel,
        twilio_messages.direction,
        twilio_messages.customer_key as landed_key,
        coalesce(twilio_messages.sent_at, twilio_messages.received_at)
            as occurred_at,
        twilio_messages.body as text,
        coalesce(twilio_messages.payload, twilio_messages.record) as body
    from raw.twilio_messages
),

twilio_statuses as not materialized (
    select
        twilio_current_statuses.message_sid as message_id,
        twilio_current_statuses.failed as is_failed
    from raw.twilio_current_statuses
),

outbound_messages as not materialized (
    select
        outbound_messages.message_sid as message_id,
        outbound_messages.author
    from app.outbound_messages
),

replies as not materialized (
    select
        reply_facts.message_sid as message_id,
        reply_facts.kind,
        reply_facts.answered as is_answered,
        reply_facts.landed_at as sent_at
    from app.reply_facts
),

chatbot_events as not materialized (
    select
        chatbot_events.event_id,
        chatbot_events.type as event_type,
        chatbot_events.occurred_at,
        chatbot_events.store_id,
        chatbot_events.channel,
        chatbot_events.customer_key as landed_key,
        chatbot_events.author,
        chatbot_events.answered as is_answered,
        chatbot_events.needs_reply,
        chatbot_events.rating,
        chatbot_events.received_at as landed_at,
        chatbot_events.text,
        chatbot_events.payload as body
    from raw.chatbot_events

    union all

    select
        test_messages.message_id as event_id,
        'message' as event_type,
        test_messages.occurred_at,
        test_messages.store_id,
        'kabar_test' as channel,
        test_messages.customer_key as landed_key,
        test_messages.author,
        test_messages.answered as is_answered,
        null::boolean as needs_reply,
        null::smallint as rating,
        test_messages.received_at as landed_at,
        test_messages.text,
        null::jsonb as body
    from app.test_messages
),

conversation_events as not materialized (
    select
        conversation_facts.event_id::text as event_id,
        conversation_facts.type as event_type,
        conversation_facts.occurred_at,
        conversation_facts.store_id,
        conversation_facts.channel,
        conversation_facts.customer_key as landed_key,
        conversation_facts.rating,
        conversation_facts.message_id,
        conversation_facts.landed_at
    from app.conversation_facts
),

no_reply_messages as not materialized (
    select
        no_reply_messages.store_id,
        no_reply_messages.channel,
        no_reply_messages.customer_key as landed_key,
        no_reply_messages.message_id,
        no_reply_messages.decided_at as landed_at
    from app.no_reply_messages
),

twilio_failures as not materialized (
    select
        twilio_failures.message_sid as message_id,
        twilio_failures.failed_at as landed_at
    from raw.twilio_failures
),

conversation_states as not materialized (
    select
        conversation_states.store_id,
        conversation_states.channel,
        conversation_states.customer_key as landed_key,
        conversation_states.state,
        conversation_states.state_at,
        conversation_states.last_message_at,
        conversation_states.last_inbound_at as last_question_at,
        conversation_states.last_reply_at,
        conversation_states.snoozed_until
    from app.conversation_states
)
{%- endmacro %}
