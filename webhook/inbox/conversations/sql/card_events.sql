-- Handovers and ratings of the customer on all channels, as KPIs count them: also
-- ratings that a chatbot elsewhere was given.
with events as (
    select
        conversation_events.type,
        conversation_events.rating,
        conversation_events.occurred_at
    from app.conversations
    inner join app.conversation_events
        on
            conversations.conversation_id = conversation_events.conversation_id
    where
        conversations.store_id = %(store_id)s
        and conversations.customer_key = %(customer_key)s

    union all

    select
        chatbot_events.type,
        chatbot_events.rating,
        chatbot_events.occurred_at
    from raw.chatbot_events
    where
        chatbot_events.store_id = %(store_id)s
        and chatbot_events.customer_key = %(customer_key)s
        and chatbot_events.type = 'rating'
)

select
    count(*) filter (where events.type = 'handover') as handovers,
    count(*) filter (where events.type = 'rating') as ratings,
    avg(events.rating)::float8 as rating_mean,
    (
        array_agg(events.rating order by events.occurred_at desc) filter (
            where events.rating is not null
        )
    )[1] as last_rating,
    max(events.occurred_at) filter (where events.type = 'rating') as rated_at
from events
