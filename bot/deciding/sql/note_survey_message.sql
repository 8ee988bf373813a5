insert into app.conversation_events (
    conversation_id, type, message_id, occurred_at
)
values (%(conversation_id)s, 'survey', %(message_id)s, %(occurred_at)s)
