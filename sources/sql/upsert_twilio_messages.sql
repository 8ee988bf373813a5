-- A row that a webhook landed keeps its typed columns, which are the same. Of
-- two records the one that Twilio updated later wins. Unchanged rows are not
-- touched.
insert into raw.twilio_messages (
    message_sid, account_sid, store_id, channel, direction, customer_key, body,
    record, sent_at
)
values %s
on conflict (message_sid) do update
    set
        record = excluded.record,
        sent_at = excluded.sent_at,
        body = case
            when twilio_messages.payload is null then excluded.body
            else twilio_messages.body
        end,
        changed_at = now()
    where
        twilio_messages.record is null
        or (
            twilio_messages.record is distinct from excluded.record
            and (excluded.record ->> 'date_updated')::timestamptz
            >= (twilio_messages.record ->> 'date_updated')::timestamptz
        )
returning xmax = 0 as is_new
