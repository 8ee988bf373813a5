-- Orders that lack one of their refunds or name one that is gone: deleting a
-- refund does not change its order's date of modification.
select distinct orders.id
from raw.woocommerce_refunds as refunds
inner join raw.woocommerce_orders as orders
    on
        refunds.store_id = orders.store_id
        and refunds.order_id = orders.id
where
    refunds.store_id = %(store_id)s
    and refunds.changed_at >= coalesce(%(since)s::timestamptz, '-infinity')
    and orders.deleted_at is null
    and (refunds.deleted_at is null) <> coalesce(
        orders.body -> 'refunds'
        @> jsonb_build_array(jsonb_build_object('id', refunds.id))
        or orders.body -> 'refunds'
        @> jsonb_build_array(jsonb_build_object('id', refunds.id::text)),
        false
    )
