-- WooCommerce makes the id of a delivery from the webhook and the second, so
-- that several orders of one second come under one id: what is the same
-- delivery again is told by its body, too.
alter table raw.woocommerce_deliveries
drop constraint woocommerce_deliveries_pkey,
add primary key (store_id, delivery_id, payload_hash);
