-- Why rows of WooCommerce Analytics can differ from what is stored: rows of
-- what was deleted or is in the trash stay there, and changes are imported late.
with asked as (
    select ids.id
    from unnest(%(ids)s::bigint[]) as ids (id)
)

select
    asked.id,
    case
        when
            (orders.id is null and refunds.id is null)
            or orders.deleted_at is not null
            or refunds.deleted_at is not null
            or parents.deleted_at is not null
            then 'deleted'
        when orders.status = 'trash' or parents.status = 'trash'
            then 'trashed'
        when
            greatest(
                orders.created_at,
                orders.modified_at,
                refunds.created_at,
                parents.modified_at
            ) >= %(since)s::timestamptz
            then 'recent'
    end as reason
from asked
left join raw.woocommerce_orders as orders
    on orders.store_id = %(store_id)s and asked.id = orders.id
left join raw.woocommerce_refunds as refunds
    on refunds.store_id = %(store_id)s and asked.id = refunds.id
left join raw.woocommerce_orders as parents
    on
        parents.store_id = %(store_id)s
        and refunds.order_id = parents.id
order by asked.id
