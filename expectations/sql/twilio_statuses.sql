select
    raw.row_id(statuses.*) as row_id,
    statuses.message_sid,
    statuses.status
from raw.twilio_statuses as statuses
where
    statuses.received_at >= %(since)s
    and not exists (
        select 1
        from raw.rejected
        where
            rejected.source = 'twilio_statuses'
            and rejected.id = raw.row_id(statuses.*)
            and rejected.put_back_at is not null
    )
