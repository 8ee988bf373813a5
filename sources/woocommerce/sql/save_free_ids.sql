-- Ids that no object has; objects under other addresses are known.
insert into app.woocommerce_free_ids (store_id, id)
select
    %(store_id)s as store_id,
    asked.id
from unnest(%(ids)s::bigint[]) as asked (id)
left join raw.woocommerce_orders as orders
    on orders.store_id = %(store_id)s and asked.id = orders.id
where orders.id is null
on conflict (store_id, id) do nothing
returning woocommerce_free_ids.id
