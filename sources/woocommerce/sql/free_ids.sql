-- Ids that no object had when they were asked for.
select woocommerce_free_ids.id
from app.woocommerce_free_ids
where woocommerce_free_ids.store_id = %(store_id)s
