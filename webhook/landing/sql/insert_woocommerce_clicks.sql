-- No conflict target, for the same reason as in insert_twilio_statuses.sql.
insert into raw.woocommerce_clicks (
    click_id,
    payload_hash,
    payload,
    store_id,
    code,
    product_id,
    clicked_at
)
values ('rows')
on conflict do nothing
