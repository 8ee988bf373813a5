-- The shops that have a conversation: one look into the index of (store_id, …)
-- a shop, however many conversations it has.
create view app.seen_stores as
with recursive seen as (
    (
        select conversations.store_id
        from app.conversations
        order by conversations.store_id
        limit 1
    )

    union all

    select (
        select conversations.store_id
        from app.conversations
        where conversations.store_id > seen.store_id
        order by conversations.store_id
        limit 1
    ) as store_id
    from seen
    where seen.store_id is not null
)

select seen.store_id
from seen
where seen.store_id is not null;
grant select on app.seen_stores to dbt;

-- A customer's messages by their time: the first that nobody answered is found
-- without fetching all that was ever said. In place of the index of the key
-- alone, so that a landing writes as many as before.
create index twilio_messages_of_customer on raw.twilio_messages (
    customer_key, coalesce(sent_at, received_at)
);
drop index raw.twilio_messages_customer_key_idx;
create index chatbot_events_of_customer on raw.chatbot_events (
    customer_key, occurred_at
);
drop index raw.chatbot_events_customer_key_idx;
