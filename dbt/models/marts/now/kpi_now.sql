with stores as (
    select * from {{ ref('int_current_stores') }}
),

messages_today as (
    select * from {{ ref('int_messages_today') }}
),

turns_today as (
    select * from {{ ref('int_turns_today') }}
),

open_conversations as (
    select * from {{ ref('int_open_conversations') }}
),

twilio_messages as (
    select * from {{ ref('stg_twilio_messages') }}
),

chatbot_events as (
    select * from {{ ref('stg_chatbot_events') }}
),

volumes as (
    select
        messages_today.store_id,
        {{ dimension_of('messages_today', ['author']) }},
        count(*) as messages,
        max(messages_today.occurred_at) as newest_at
    from messages_today
    group by
        messages_today.store_id,
        grouping sets ((), (messages_today.author))
),

-- a shop without a message today has a zero, not nothing
message_volume as (
    select
        stores.store_id,
        'message_volume' as metric,
        coalesce(volumes.dimension, 'all') as dimension,
        coalesce(volumes.dimension_value, 'all') as dimension_value,
        coalesce(volumes.messages, 0)::numeric as numerator,
        null::numeric as denominator,
        coalesce(volumes.messages, 0)::numeric as value,
        'count' as unit,
        volumes.newest_at as data_as_of
    from stores
    left join volumes on stores.store_id = volumes.store_id
),

turns_summary as (
    select
        turns_today.store_id,
        count(*) as turns,
        count(*) filter (where turns_today.is_first_response) as first_turns,
        {{ percentile(
            0.5,
            seconds_between(
                'turns_today.started_at', 'turns_today.replied_at'
            ),
            'true',
        ) }} as median,
        {{ percentile(
            0.5,
            seconds_between(
                'turns_today.started_at', 'turns_today.replied_at'
            ),
            'turns_today.is_first_response',
        ) }} as first_median,
        max(turns_today.replied_at) as newest_at
    from turns_today
    where turns_today.replied_at is not null
    group by turns_today.store_id
),

response_time_median as (
    select
        turns_summary.store_id,
        'response_time_median' as metric,
        'all' as dimension,
        'all' as dimension_value,
        null::numeric as numerator,
        turns_summary.turns::numeric as denominator,
        turns_summary.median as value,
        'seconds' as unit,
        turns_summary.newest_at as data_as_of
    from turns_summary
),

first_response_time_median as (
    select
        turns_summary.store_id,
        'first_response_time_median' as metric,
        'all' as dimension,
        'all' as dimension_value,
        null::numeric as numerator,
        turns_summary.first_turns::numeric as denominator,
        turns_summary.first_median as value,
        'seconds' as unit,
        turns_summary.newest_at as data_as_of
    from turns_summary
    where turns_summary.first_turns > 0
),

conversations_summary as (
    select
        stores.store_id,
        count(open_conversations.store_id)::numeric as open,
        count(open_conversations.waits_since)::numeric as waiting,
        max(open_conversations.last_message_at) as newest_at
    from stores
    left join open_conversations
        on stores.store_id = open_conversations.store_id
    group by stores.store_id
),

-- each metric for itself: who asks for one has the others not computed
conversations_open as (
    select
        conversations_summary.store_id,
        'conversations_open' as metric,
        'all' as dimension,
        'all' as dimension_value,
        conversations_summary.open as numerator,
        null::numeric as denominator,
        conversations_summary.open as value,
        'count' as unit,
        conversations_summary.newest_at as data_as_of
    from conversations_summary
),

conversations_waiting as (
    select
        conversations_summary.store_id,
        'conversations_waiting' as metric,
        'all' as dimension,
        'all' as dimension_value,
        conversations_summary.waiting as numerator,
        null::numeric as denominator,
        conversations_summary.waiting as value,
        'count' as unit,
        conversations_summary.newest_at as data_as_of
    from conversations_summary
),

-- a customer waits since the first question that was not answered
questions as (
    select
        open_conversations.store_id,
        open_conversations.waits_since,
        (
            select min(twilio_messages.occurred_at)
            from twilio_messages
            where
                twilio_messages.landed_key = open_conversations.landed_key
                and twilio_messages.store_id = open_conversations.store_id
                and twilio_messages.channel = open_conversations.channel
                and twilio_messages.direction = 'inbound'
                and twilio_messages.occurred_at
                > coalesce(open_conversations.last_reply_at, '-infinity')
        ) as first_twilio_at,
        (
            select min(chatbot_events.occurred_at)
            from chatbot_events
            where
                chatbot_events.landed_key = open_conversations.landed_key
                and chatbot_events.store_id = open_conversations.store_id
                and chatbot_events.channel = open_conversations.channel
                and chatbot_events.author = 'customer'
                and chatbot_events.occurred_at
                > coalesce(open_conversations.last_reply_at, '-infinity')
        ) as first_event_at
    from open_conversations
    where open_conversations.waits_since is not null
),

longest_wait as (
    select
        questions.store_id,
        'longest_wait' as metric,
        'all' as dimension,
        'all' as dimension_value,
        null::numeric as numerator,
        null::numeric as denominator,
        max({{ seconds_between(
            'least(questions.waits_since, questions.first_twilio_at,'
            ~ ' questions.first_event_at)', 'now()'
        ) }}) as value,
        'seconds' as unit,
        max(questions.waits_since) as data_as_of
    from questions
    group by questions.store_id
),

final as (
    select * from message_volume
    union all
    select * from response_time_median
    union all
    select * from first_response_time_median
    union all
    select * from conversations_open
    union all
    select * from conversations_waiting
    union all
    select * from longest_wait
)

select * from final
