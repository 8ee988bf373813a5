with open_conversations as (
    select * from {{ ref('int_open_conversations') }}
),

twilio_messages as (
    select * from {{ ref('stg_twilio_messages') }}
),

outbound_messages as (
    select * from {{ ref('stg_outbound_messages') }}
),

replies as not materialized (
    select * from {{ ref('stg_replies') }}
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

-- A customer waits from their first unanswered question on. Only customers
-- whose last reply is older than the oldest known wait can have waited longer.
unanswered as (
    select
        waits.store_id,
        waits.channel,
        waits.landed_key,
        waits.landed_key as customer_key,
        coalesce(waits.last_reply_at, '-infinity') as last_reply_at
    from waits
    where
        not waits.is_read
        and (
            waits.waits_since = waits.oldest
            or coalesce(waits.last_reply_at, '-infinity') < waits.oldest
        )
),

messages as (
    {{ messages(
        "unanswered", of_threads=true, since="unanswered.last_reply_at"
    ) | indent }}
),

first_questions as (
    select
        messages.store_id,
        min(messages.occurred_at) as asked_at
    from messages
    inner join unanswered
        on
            messages.store_id = unanswered.store_id
            and messages.channel = unanswered.channel
            and messages.customer_key = unanswered.customer_key
    where
        messages.author = 'customer'
        and messages.occurred_at > unanswered.last_reply_at
    group by messages.store_id
),

final as (
    select
        waits.store_id,
        least(min(waits.waits_since), min(first_questions.asked_at))
            as waits_since,
        max(waits.newest_at) as newest_at
    from waits
    left join first_questions on waits.store_id = first_questions.store_id
    group by waits.store_id
)

select * from final
