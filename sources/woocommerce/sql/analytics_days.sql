-- The rows that WooCommerce Analytics would make of what is stored: one per
-- order and one per refund, on the day in the shop's time that the date type
-- gives. A refund after which nothing is left to refund takes the whole order
-- back. A refund counts with its order's present status.
with live_orders as (
    select
        orders.id,
        orders.status,
        orders.body,
        left(orders.body ->> %(date_type)s::text, 10) as day,
        coalesce(nullif(orders.body ->> 'total', '')::numeric, 0) as total,
        coalesce(nullif(orders.body ->> 'total_tax', '')::numeric, 0) as tax,
        coalesce(nullif(orders.body ->> 'shipping_total', '')::numeric, 0)
            as shipping,
        (
            select
                coalesce(
                    sum(nullif(line_items.line ->> 'quantity', '')::numeric), 0
                )
            from
                jsonb_array_elements(
                    case jsonb_typeof(orders.body -> 'line_items')
                        when 'array' then orders.body -> 'line_items'
                        else '[]'
                    end
                ) as line_items (line)
        ) as items
    from raw.woocommerce_orders as orders
    where
        orders.store_id = %(store_id)s
        and orders.deleted_at is null
        and orders.status <> all(%(excluded)s)
),

live_refunds as (
    select
        refunds.id,
        refunds.order_id,
        refunds.body,
        left(refunds.body ->> 'date_created', 10) as day,
        jsonb_path_exists(
            refunds.body,
            '$.meta_data[*] ? (@.key == "_refund_type" && @.value == "full")'
        ) as is_full,
        coalesce(nullif(refunds.body ->> 'amount', '')::numeric, 0) as amount,
        (
            select
                coalesce(
                    sum(
                        coalesce(
                            nullif(
                                tax_lines.line ->> 'tax_total', ''
                            )::numeric,
                            0
                        )
                        + coalesce(
                            nullif(
                                tax_lines.line ->> 'shipping_tax_total', ''
                            )::numeric,
                            0
                        )
                    ),
                    0
                )
            from
                jsonb_array_elements(
                    case jsonb_typeof(refunds.body -> 'tax_lines')
                        when 'array' then refunds.body -> 'tax_lines'
                        else '[]'
                    end
                ) as tax_lines (line)
        ) as tax,
        (
            select
                coalesce(
                    sum(nullif(shipping_lines.line ->> 'total', '')::numeric), 0
                )
            from
                jsonb_array_elements(
                    case jsonb_typeof(refunds.body -> 'shipping_lines')
                        when 'array' then refunds.body -> 'shipping_lines'
                        else '[]'
                    end
                ) as shipping_lines (line)
        ) as shipping,
        (
            select
                coalesce(
                    sum(nullif(line_items.line ->> 'quantity', '')::numeric), 0
                )
            from
                jsonb_array_elements(
                    case jsonb_typeof(refunds.body -> 'line_items')
                        when 'array' then refunds.body -> 'line_items'
                        else '[]'
                    end
                ) as line_items (line)
        ) as items
    from raw.woocommerce_refunds as refunds
    where
        refunds.store_id = %(store_id)s
        and refunds.deleted_at is null
),

counted as (
    select
        live_orders.id,
        live_orders.day,
        1 as orders_count,
        live_orders.total - live_orders.tax - live_orders.shipping
            as net_revenue,
        live_orders.total as total_sales,
        live_orders.tax as taxes,
        live_orders.shipping,
        live_orders.items as num_items_sold
    from live_orders
    union all
    select
        live_refunds.id,
        live_refunds.day,
        0 as orders_count,
        case
            when live_refunds.is_full
                then
                    -(live_orders.total - live_orders.tax
                        - live_orders.shipping)
            else
                -live_refunds.amount - live_refunds.tax - live_refunds.shipping
        end as net_revenue,
        -live_refunds.amount as total_sales,
        case
            when live_refunds.is_full then -live_orders.tax
            else live_refunds.tax
        end as taxes,
        case
            when live_refunds.is_full then -live_orders.shipping
            else live_refunds.shipping
        end as shipping,
        case
            when live_refunds.is_full then -live_orders.items
            else live_refunds.items
        end as num_items_sold
    from live_refunds
    inner join live_orders on live_refunds.order_id = live_orders.id
)

select
    counted.day,
    sum(counted.orders_count) as orders_count,
    sum(counted.net_revenue) as net_revenue,
    sum(counted.total_sales) as total_sales,
    sum(counted.taxes) as taxes,
    sum(counted.shipping) as shipping,
    sum(counted.num_items_sold) as num_items_sold
from counted
where counted.day is not null
group by counted.day
