-- Names no conflict target: that would need the right to read the key, and
-- so nothing can be returned either.
insert into raw.twilio_statuses (
    message_sid,
    payload_hash,
    payload,
    status,
    error_code,
    reply_id
)
values ('rows')
on conflict do nothing
