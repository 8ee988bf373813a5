-- Names no conflict target: it would need the right to read the key, and without that right nothing can be returned.
insert into raw.twilio_statuses (
    message_sid,
    payload_hash,
    payload,
    status,
    error_code
)
values %s
on conflict do nothing
