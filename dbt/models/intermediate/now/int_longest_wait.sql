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

asked as (
    select
        messages.store_id,
        messages.channel,
        messages.customer_key,
        messages.occurred_at,
        lag(messages.occurred_at) over conversations as previous_at
    from messages
    inner join unanswered
        on
            messages.store_id = unanswered.store_id
            and messages.channel = unanswered.channel
            and messages.customer_key = unanswered.customer_key
    where
        messages.author = 'customer'
        and messages.occurred_at > unanswered.last_reply_at
    window conversations as (
        partition by messages.store_id, messages.channel, messages.customer_key
        order by messages.occurred_at
    )
),

first_questions as (
    select
        asked.store_id,
        {{ first_question("asked", days(var('waiting_days'))) | indent(8) }}
            as asked_at
    from asked
    group by asked.store_id, asked.channel, asked.customer_key
),

longest as (
    select
        first_questions.store_id,
        min(first_questions.asked_at) as asked_at
    from first_questions
    group by first_questions.store_id
),

final as (
    select
        waits.store_id,
        least(min(waits.waits_since), min(longest.asked_at)) as waits_since,
        max(waits.newest_at) as newest_at
    from waits
    left join longest on waits.store_id = longest.store_id
    group by waits.store_id
)

select * from final
