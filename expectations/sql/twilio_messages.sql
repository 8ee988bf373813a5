select
    raw.row_id(messages.*) as row_id,
    messages.store_id,
    messages.customer_key,
    coalesce(messages.sent_at, messages.received_at) as occurred_at,
    extract(
        year from coalesce(messages.sent_at, messages.received_at)
    )::double precision as occurred_year,
    extract(
        epoch from coalesce(messages.sent_at, messages.received_at) - now()
    )::double precision / 86400 as days_ahead
from raw.twilio_messages as messages
where
    messages.changed_at >= %(since)s
    and not exists (
        select 1
        from raw.rejected
        where
            rejected.source = 'twilio_messages'
            and rejected.id = raw.row_id(messages.*)
            and rejected.put_back_at is not null
    )
