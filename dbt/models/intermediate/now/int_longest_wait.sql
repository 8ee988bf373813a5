with open_conversations as (
    select * from {{ ref('int_open_conversations') }}
),

twilio_messages as (
    select * from {{ ref('stg_twilio_messages') }}
),

chatbot_events as (
    select * from {{ ref('stg_chatbot_events') }}
),

waits as (
    select
        open_conversations.*,
        min(open_conversations.waits_since) over stores as oldest,
        max(open_conversations.waits_since) over stores as newest_at
    from open_conversations
    where open_conversations.waits_since is not null
    window stores as (partition by open_conversations.store_id)
),

-- A customer waits since the first question that was not answered. Only who
-- was last written to before the oldest of these times can have waited longer.
questions as (
    select
        waits.store_id,
        waits.newest_at,
        waits.waits_since,
        (
            select min(twilio_messages.occurred_at)
            from twilio_messages
            where
                twilio_messages.landed_key = waits.landed_key
                and twilio_messages.store_id = waits.store_id
                and twilio_messages.channel = waits.channel
                and twilio_messages.direction = 'inbound'
                and twilio_messages.occurred_at
                > coalesce(waits.last_reply_at, '-infinity')
        ) as first_twilio_at,
        (
            select min(chatbot_events.occurred_at)
            from chatbot_events
            where
                chatbot_events.landed_key = waits.landed_key
                and chatbot_events.store_id = waits.store_id
                and chatbot_events.channel = waits.channel
                and chatbot_events.author = 'customer'
                and chatbot_events.occurred_at
                > coalesce(waits.last_reply_at, '-infinity')
        ) as first_event_at
    from waits
    where
        waits.waits_since = waits.oldest
        or coalesce(waits.last_reply_at, '-infinity')
        < waits.oldest
),

final as (
    select
        questions.store_id,
        min(least(
            questions.waits_since,
            questions.first_twilio_at,
            questions.first_event_at
        )) as waits_since,
        max(questions.newest_at) as newest_at
    from questions
    group by questions.store_id
)

select * from final
