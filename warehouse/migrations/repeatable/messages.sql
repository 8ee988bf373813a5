-- All messages of all channels, as the inbox shows them. Queries by customer,
-- shop and channel use the indexes of the tables below.
create or replace view app.messages as
with {{ landed_relations() }},

messages as (
    {{ messages(with_text=true) | indent }}
)

select
    messages.store_id,
    messages.channel,
    messages.customer_key,
    messages.source,
    messages.event_id as message_id,
    messages.occurred_at,
    messages.author,
    messages.text,
    messages.body
from messages;
