-- As the Twilio loader would land it. The author is inserted before the
-- message, whose trigger reads it.
with written_by as (
    insert into app.outbound_messages (message_sid, author)
    values (%(message_id)s, %(author)s)
    on conflict (message_sid) do update set
        author = excluded.author,
        changed_at = now()
)

insert into raw.twilio_messages (
    message_sid,
    account_sid,
    store_id,
    channel,
    direction,
    customer_key,
    body,
    record,
    sent_at
)
values (
    %(message_id)s,
    %(account_sid)s,
    %(store_id)s,
    %(channel)s,
    'outbound',
    %(customer_key)s,
    %(body)s,
    %(record)s,
    %(at)s
)
on conflict (message_sid) do nothing
