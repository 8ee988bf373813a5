select
    events.store_id,
    events.channel,
    events.customer_key,
    coalesce(events.phone_key, events.id_key) as given_key,
    events.phone_key,
    events.id_key,
    extract(year from events.occurred_at)::double precision as occurred_year,
    extract(
        epoch from events.occurred_at - now()
    )::double precision / 86400 as days_ahead
from raw.chatbot_events as events
where events.received_at >= %(since)s
