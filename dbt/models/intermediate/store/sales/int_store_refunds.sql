{{
    config(
        indexes=[{"columns": ["store_id", "refund_id"], "unique": true}],
        post_hook="analyze {{ this }}",
    )
}}

with refunds as (
    select * from {{ ref('stg_woocommerce_refunds') }}
),

orders as (
    select * from {{ ref('int_store_orders') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

-- a refund uses the current state of its order
refund_amounts as (
    select
        refunds.store_id,
        refunds.refund_id,
        refunds.order_id,
        refunds.created_at,
        coalesce(
            refunds.created_local,
            refunds.created_at at time zone stores.timezone
        ) as created_local,
        orders.currency,
        orders.is_shop_currency,
        orders.is_counted_status as is_counted,
        orders.total as order_total,
        orders.tax as order_tax,
        orders.shipping as order_shipping,
        orders.net as order_net,
        orders.items as order_items,
        refunds.refund_type,
        -- WooCommerce rounds totals as the shop's prices, but not this amount
        round(
            coalesce(refunds.amount, 0), coalesce(stores.prices_decimals, 6)
        ) as amount,
        (
            select
                coalesce(
                    sum(
                        coalesce({{ as_amount("line ->> 'tax_total'") }}, 0)
                        + coalesce(
                            {{ as_amount("line ->> 'shipping_tax_total'") }}, 0
                        )
                    ),
                    0
                )
            from {{ elements('refunds.tax_lines') }} as line
        ) as tax,
        (
            select coalesce(sum({{ as_amount("line ->> 'total'") }}), 0)
            from {{ elements('refunds.shipping_lines') }} as line
        ) as shipping,
        (
            select coalesce(sum({{ as_amount("line ->> 'quantity'") }}), 0)
            from {{ elements('refunds.line_items') }} as line
        ) as items
    from refunds
    inner join orders
        on
            refunds.store_id = orders.store_id
            and refunds.order_id = orders.order_id
    inner join stores on refunds.store_id = stores.store_id
    where
        refunds.deleted_at is null
        and refunds.created_at <= {{ as_of() }}
),

-- WooCommerce marks the refund that left nothing to refund; for older versions,
-- which do not, it follows from the amounts
last_refunds as (
    select
        refund_amounts.*,
        coalesce(refund_amounts.refund_type = 'full', false) as is_marked_full,
        case
            when refund_amounts.refund_type in ('full', 'partial')
                then refund_amounts.refund_type = 'full'
            else
                refund_amounts.order_total > 0
                and refund_amounts.order_total <= sum(refund_amounts.amount)
                    over (
                        partition by
                            refund_amounts.store_id, refund_amounts.order_id
                        order by
                            refund_amounts.created_at, refund_amounts.refund_id
                        rows between unbounded preceding and current row
                    )
        end as is_last,
        -refund_amounts.amount - refund_amounts.tax
        - refund_amounts.shipping as own_net
    from refund_amounts
),

numbered as (
    select
        last_refunds.*,
        count(*) filter (where last_refunds.is_last) over (
            partition by last_refunds.store_id, last_refunds.order_id
            order by last_refunds.created_at, last_refunds.refund_id
            rows between unbounded preceding and 1 preceding
        ) as last_refunds_before
    from last_refunds
),

taken_back as (
    select
        numbered.*,
        coalesce(
            sum(numbered.own_net) filter (where not numbered.is_last) over (
                partition by
                    numbered.store_id,
                    numbered.order_id,
                    numbered.last_refunds_before
                order by numbered.created_at, numbered.refund_id
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as net_before
    from numbered
),

final as (
    select
        taken_back.store_id,
        taken_back.refund_id,
        taken_back.order_id,
        taken_back.created_at,
        taken_back.created_local,
        taken_back.currency,
        taken_back.is_shop_currency,
        taken_back.is_counted,
        taken_back.is_last,
        taken_back.is_marked_full,
        taken_back.amount,
        -- what is left of the order's net, or the refund's own
        case
            when not taken_back.is_last then taken_back.own_net
            when taken_back.last_refunds_before > 0
                then -taken_back.net_before
            else -(taken_back.order_net + taken_back.net_before)
        end as net,
        case
            when taken_back.is_marked_full then -taken_back.order_net
            else taken_back.own_net
        end as analytics_net,
        case
            when taken_back.is_marked_full then -taken_back.order_tax
            else taken_back.tax
        end as analytics_tax,
        case
            when taken_back.is_marked_full then -taken_back.order_shipping
            else taken_back.shipping
        end as analytics_shipping,
        case
            when taken_back.is_marked_full then -taken_back.order_items
            else taken_back.items
        end as analytics_items
    from taken_back
)

select * from final
