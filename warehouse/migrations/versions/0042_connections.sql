-- When a worker was last alive, when the scheduler last checked the data, and
-- where each shop is and when it was synced.
grant select (last_heartbeat) on queue.procrastinate_workers to inbox;
grant select (checked_at) on quality.source_freshness to inbox;
grant select (store_id, url) on app.stores to inbox;
grant select on app.woocommerce_syncs to inbox;

-- When an admin hid the list of first steps.
alter table app.store_options add column first_steps_hidden_at timestamptz;
