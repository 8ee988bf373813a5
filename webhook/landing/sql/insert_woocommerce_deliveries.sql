-- No conflict target, for the same reason as in insert_twilio_statuses.sql.
insert into raw.woocommerce_deliveries (
    delivery_id,
    payload_hash,
    payload,
    store_id,
    topic,
    resource,
    resource_id
)
values ('rows')
on conflict do nothing
