-- Handovers and ratings of the customer on all channels.
select
    count(*) filter (
        where conversation_events.type = 'handover'
    ) as handovers,
    count(*) filter (where conversation_events.type = 'rating') as ratings,
    avg(conversation_events.rating)::float8 as rating_mean,
    (
        array_agg(
            conversation_events.rating
            order by conversation_events.occurred_at desc
        ) filter (where conversation_events.rating is not null)
    )[1] as last_rating,
    max(conversation_events.occurred_at) filter (
        where conversation_events.type = 'rating'
    ) as rated_at
from app.conversations
inner join app.conversation_events
    on
        conversations.conversation_id = conversation_events.conversation_id
where
    conversations.store_id = %(store_id)s
    and conversations.customer_key = %(customer_key)s
