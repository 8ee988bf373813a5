-- The first webhook body for each row that was landed from Twilio's list
-- before.
select distinct on (conflicts.id)
    conflicts.id,
    conflicts.payload,
    conflicts.payload_hash,
    conflicts.received_at,
    messages.store_id
from raw.conflicts
inner join
    raw.twilio_messages as messages
    on conflicts.id = messages.message_sid
where conflicts.source = 'twilio_messages' and messages.payload is null
order by conflicts.id asc, conflicts.received_at asc, conflicts.payload_hash asc
