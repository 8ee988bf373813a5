select
    raw.row_id(events.*) as row_id,
    events.store_id,
    events.channel,
    events.customer_key,
    coalesce(
        events.customer_key = coalesce(events.phone_key, events.id_key), false
    ) as has_given_key,
    events.phone_key,
    events.id_key,
    extract(year from events.occurred_at)::double precision as occurred_year,
    extract(
        epoch from events.occurred_at - now()
    )::double precision / 86400 as days_ahead
from raw.chatbot_events as events
where
    events.received_at >= %(since)s
    and not exists (
        select 1
        from raw.rejected
        where
            rejected.source = 'chatbot_events'
            and rejected.id = raw.row_id(events.*)
            and rejected.put_back_at is not null
    )
