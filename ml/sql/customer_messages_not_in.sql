-- Of a table of models' results. Ids only: a million of them fit in memory, and
-- no transaction stays open while the model runs.
select
    'twilio' as source,
    messages.message_sid as message_id
from raw.twilio_messages as messages
where
    messages.direction = 'inbound'
    and messages.body is not null
    and not exists (
        select 1
        from {table} as scored
        where
            scored.source = 'twilio'
            and scored.message_id = messages.message_sid
    )

union all

select
    'chatbot' as source,
    events.event_id as message_id
from raw.chatbot_events as events
where
    events.type = 'message'
    and events.author = 'customer'
    and not exists (
        select 1
        from {table} as scored
        where
            scored.source = 'chatbot'
            and scored.message_id = events.event_id
    )
