insert into app.woocommerce_counts (store_id, resource, listed, stored)
values (%(store_id)s, %(resource)s, %(listed)s, %(stored)s)
on conflict (store_id, resource) do update
    set
        listed = excluded.listed,
        stored = excluded.stored,
        compared_at = now()
returning woocommerce_counts.resource
