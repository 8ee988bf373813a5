-- Conversations as they stand, without what was said in them: a view and no
-- grant on columns, since dbt reads whole rows.
create view app.conversation_states as
select
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversations.state,
    conversations.state_at,
    conversations.last_message_at,
    conversations.last_inbound_at,
    conversations.last_reply_at
from app.conversations;
grant select on app.conversation_states to dbt;

-- When each connected shop was last asked for what changed, and Twilio for its
-- record, to the end of it; null for a shop that was not asked yet.
create view app.woocommerce_syncs as
select
    stores.store_id,
    max(sync_positions.updated_at) as synced_at
from app.stores
left join app.sync_positions
    on
        stores.store_id = sync_positions.store_id
        and sync_positions.source = 'woocommerce_orders'
where stores.connected_at is not null
group by stores.store_id;

create view app.twilio_syncs as
select
    sync_positions.store_id,
    sync_positions.updated_at as synced_at
from app.sync_positions
where sync_positions.source = 'twilio';

grant select on app.woocommerce_syncs, app.twilio_syncs to dbt;
