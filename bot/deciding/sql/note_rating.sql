insert into app.conversation_events (
    conversation_id, type, rating, message_id, occurred_at
)
values (
    %(conversation_id)s, 'rating', %(rating)s, %(message_id)s, %(rated_at)s
)
on conflict do nothing
