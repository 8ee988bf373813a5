insert into app.test_messages (
    message_id,
    store_id,
    customer_key,
    author,
    text,
    answered,
    occurred_at
)
values (
    %(message_id)s,
    %(store_id)s,
    %(customer_key)s,
    %(author)s,
    coalesce(%(body)s, %(media_url)s, ''),
    case when %(author)s = 'bot' then %(answered)s::boolean end,
    %(at)s
)
on conflict (message_id) do nothing
