select
    raw.row_id(orders.*) as row_id,
    orders.store_id,
    orders.email_key,
    orders.phone_key,
    orders.body ->> 'currency' as currency,
    orders.body ->> 'total' as total,
    orders.body ->> 'total_tax' as total_tax,
    orders.body ->> 'shipping_total' as shipping_total,
    orders.body ->> 'date_created' as date_created,
    extract(
        epoch from orders.created_at - now()
    )::double precision / 86400 as days_ahead
from raw.woocommerce_orders as orders
where
    orders.changed_at >= %(since)s
    and orders.deleted_at is null
    and not exists (
        select 1
        from raw.rejected
        where
            rejected.source = 'woocommerce_orders'
            and rejected.id = raw.row_id(orders.*)
            and rejected.put_back_at is not null
    )
