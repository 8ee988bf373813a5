{#
    All messages and events of conversations, for marts, live figures, the bot
    and the inbox. `messages` gives author and time of each message.
    `conversation_events` gives every event; a message also has whether it
    failed and whether it needs a reply, and has the type rating_message if it
    asks for a rating, gives one, or belongs to a survey. `event_positions`
    groups these rows into episodes and turns.

    Both macros read relations with the columns of dbt's staging models (outside
    dbt, `landed_relations` defines them): twilio_messages, outbound_messages,
    replies and chatbot_events. `conversation_events` also reads
    twilio_statuses, conversation_events and no_reply_messages.

    `customers`: a relation of landed_key and customer_key. Only events of these
    customers are read. With `of_threads` it also has store_id and channel, and
    each of these conversations is read through the index of customers, which is
    fast for a few. `since`: a time as SQL, which may be a column of
    `customers`. Messages from about then on are read; some slightly older ones
    may be included. `with_text`: adds the text and the landed form.

    Tables that have no customer are looked up for each message, since a join
    would read them completely.
#}
{% macro messages(
    customers=none, of_threads=false, since=none, with_text=false
) -%}
    {%- set sent_since = since ~ " - " ~ sending_tolerance() if since -%}
    select
        twilio_messages.store_id,
        {{ customer_of(customers, "twilio_messages") }},
        twilio_messages.channel,
        'twilio' as source,
        twilio_messages.message_id as event_id,
        case
            when twilio_messages.direction = 'inbound' then 'customer'
            else coalesce(
                (
                    select outbound_messages.author
                    from outbound_messages
                    where
                        outbound_messages.message_id
                        = twilio_messages.message_id
                ),
                'bot'
            )
        end as author,
        {{ time_of_message("twilio_messages.occurred_at", "reply.sent_at") }}
            as occurred_at,
        reply.is_answered,
        null::boolean as needs_reply,
        reply.kind as reply_kind
        {%- if with_text %},
        twilio_messages.text,
        twilio_messages.body
        {%- endif %}
    from {{ landed_of(customers, "twilio_messages", of_threads, sent_since) }}
    {{ reply_of("twilio_messages.message_id") }}
    {%- if since and not of_threads %}
    where twilio_messages.occurred_at >= {{ sent_since }}
    {%- endif %}

    union all

    select
        chatbot_events.store_id,
        {{ customer_of(customers, "chatbot_events") }},
        chatbot_events.channel,
        'chatbot' as source,
        chatbot_events.event_id,
        chatbot_events.author,
        {{ time_of_event(
            "chatbot_events.occurred_at", "chatbot_events.landed_at"
        ) }} as occurred_at,
        coalesce(chatbot_events.is_answered, reply.is_answered) as is_answered,
        chatbot_events.needs_reply,
        reply.kind as reply_kind
        {%- if with_text %},
        chatbot_events.text,
        chatbot_events.body
        {%- endif %}
    from {{ landed_of(customers, "chatbot_events", of_threads, since) }}
    {{ reply_of("chatbot_events.event_id") }}
    where
        chatbot_events.event_type = 'message'
        {%- if since and not of_threads %}
        and chatbot_events.occurred_at >= {{ since }}
        {%- endif %}
{%- endmacro %}

{% macro conversation_events(
    customers=none, of_threads=false, since=none, with_text=false
) -%}
    with messages as (
        {{ messages(customers, of_threads, since, with_text) }}
    ),

    own_events as (
        select
            conversation_events.store_id,
            {{ customer_of(customers, "conversation_events") }},
            conversation_events.channel,
            conversation_events.event_id,
            conversation_events.event_type,
            conversation_events.occurred_at,
            conversation_events.rating,
            conversation_events.message_id
        from {{ landed_of(customers, "conversation_events", of_threads) }}
    ),

    -- messages that ask for a rating or give one, or that answer a survey
    rating_messages as (
        select own_events.message_id
        from own_events
        where
            own_events.event_type in ('rating_requested', 'rating', 'survey')
            and own_events.message_id is not null
    ),

    -- messages that need no reply, as decided by the bot
    left_alone as (
        select no_reply_messages.message_id
        from {{ landed_of(customers, "no_reply_messages", of_threads) }}
    )

    select
        messages.store_id,
        messages.customer_key,
        messages.channel,
        messages.source,
        messages.event_id,
        case
            -- the bot's thanks for a rating, and what it asks in a survey,
            -- belong to no conversation
            when messages.reply_kind in ('thanks', 'survey')
                then 'rating_message'
            when
                messages.event_id in (
                    select rating_messages.message_id
                    from rating_messages
                )
                then 'rating_message'
            else 'message'
        end as event_type,
        messages.author,
        messages.occurred_at,
        messages.source = 'twilio'
        and messages.author != 'customer'
        and coalesce((
            select twilio_statuses.is_failed
            from twilio_statuses
            where twilio_statuses.message_id = messages.event_id
        ), false) as is_failed,
        messages.is_answered,
        case
            when messages.author = 'customer'
                then
                    coalesce(messages.needs_reply, true)
                    and messages.event_id not in (
                        select left_alone.message_id
                        from left_alone
                    )
        end as needs_reply,
        null::smallint as rating
        {%- if with_text %},
        messages.text
        {%- endif %}
    from messages

    union all

    select
        chatbot_events.store_id,
        {{ customer_of(customers, "chatbot_events") }},
        chatbot_events.channel,
        'chatbot' as source,
        chatbot_events.event_id,
        chatbot_events.event_type,
        null as author,
        {{ time_of_event(
            "chatbot_events.occurred_at", "chatbot_events.landed_at"
        ) }} as occurred_at,
        false as is_failed,
        null::boolean as is_answered,
        null::boolean as needs_reply,
        chatbot_events.rating
        {%- if with_text %},
        null as text
        {%- endif %}
    from {{ landed_of(customers, "chatbot_events", of_threads) }}
    where chatbot_events.event_type != 'message'

    union all

    select
        own_events.store_id,
        own_events.customer_key,
        own_events.channel,
        'conversation' as source,
        own_events.event_id,
        own_events.event_type,
        null as author,
        own_events.occurred_at,
        false as is_failed,
        null::boolean as is_answered,
        null::boolean as needs_reply,
        own_events.rating
        {%- if with_text %},
        null as text
        {%- endif %}
    from own_events
    where own_events.event_type != 'survey'
{%- endmacro %}

{% macro customer_of(customers, landed) -%}
    {% if customers -%}
        {{ customers }}.customer_key
    {%- else -%}
        {{ landed }}.landed_key as customer_key
    {%- endif %}
{%- endmacro %}

{# The relation `landed`, limited to the customers if there are any. Without the
   offset, the planner overestimates the customers and reads the whole table. #}
{% macro landed_of(customers, landed, of_threads, since=none) -%}
    {% if of_threads -%}
        {{ customers }}
        cross join lateral (
            select *
            from {{ landed }} as of_all
            where
                of_all.landed_key = {{ customers }}.landed_key
                and of_all.store_id = {{ customers }}.store_id
                and of_all.channel = {{ customers }}.channel
                {%- if since %}
                and of_all.occurred_at >= {{ since }}
                {%- endif %}
            offset 0
        ) as {{ landed }}
    {%- else -%}
        {{ landed }}
        {%- if customers %}
        inner join {{ customers }}
            on {{ landed }}.landed_key = {{ customers }}.landed_key
        {%- endif %}
    {%- endif %}
{%- endmacro %}

{% macro reply_of(message_id) -%}
    -- the limit makes the planner use the index
    left join lateral (
        select
            replies.kind,
            replies.is_answered,
            replies.sent_at
        from replies
        where replies.message_id = {{ message_id }}
        limit 1
    ) as reply on true
{%- endmacro %}
