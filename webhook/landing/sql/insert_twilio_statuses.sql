-- No conflict target and nothing returned: both would need the right to read.
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
