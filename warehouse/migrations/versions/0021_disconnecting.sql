-- When the shop last disconnected. It is connected if it has connected since.
alter table app.stores add column disconnected_at timestamptz;

-- Forgets how the shop is reached and what it signs with: nothing is asked of
-- it and nothing of it is believed until it connects again. What it brought
-- stays, and so does connected_at, by which its figures are shown.
create function app.disconnect_store(disconnecting_store_id text) returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    update app.stores as stores
    set
        url = null,
        consumer_key = null,
        consumer_secret = null,
        webhook_secret = null,
        disconnected_at = now()
    where stores.store_id = disconnecting_store_id
$$;
revoke execute on function app.disconnect_store from public;
grant execute on function app.disconnect_store to webhook;

-- As before, without the shops that have disconnected.
create or replace view app.woocommerce_syncs as
select
    stores.store_id,
    max(sync_positions.updated_at) as synced_at
from app.stores
left join app.sync_positions
    on
        stores.store_id = sync_positions.store_id
        and sync_positions.source = 'woocommerce_orders'
where coalesce(stores.disconnected_at < stores.connected_at, true)
    and stores.connected_at is not null
group by stores.store_id;
