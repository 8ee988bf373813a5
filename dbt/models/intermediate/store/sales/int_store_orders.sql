{{
    config(
        indexes=[{"columns": ["store_id", "order_id"], "unique": true}],
        post_hook="analyze {{ this }}",
    )
}}

with orders as (
    select * from {{ ref('stg_woocommerce_orders') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

-- orders that others can be parts of: neither deleted nor in the trash
parents as (
    select
        orders.store_id,
        orders.order_id
    from orders
    where
        orders.deleted_at is null
        and orders.status <> 'trash'
        and orders.created_at <= {{ as_of() }}
),

-- without what happened after as_of
seen_orders as (
    select
        stores.timezone,
        stores.date_type,
        stores.excluded_statuses,
        orders.store_id,
        orders.order_id,
        coalesce(orders.parent_id, 0) as parent_id,
        parents.order_id is not null as is_of_other_order,
        orders.status,
        orders.account_id,
        orders.email_key,
        orders.phone_key,
        orders.currency,
        coalesce(orders.currency = stores.currency, false) as is_shop_currency,
        orders.created_via,
        orders.payment_method,
        orders.created_at,
        orders.modified_at,
        orders.created_local,
        orders.paid_local,
        orders.completed_local,
        orders.line_items,
        orders.coupon_lines,
        coalesce(
            orders.paid_at,
            orders.paid_local at time zone stores.timezone
        ) as paid_at,
        coalesce(
            orders.completed_at,
            orders.completed_local at time zone stores.timezone
        ) as completed_at,
        coalesce(orders.total, 0) as total,
        coalesce(orders.tax, 0) as tax,
        coalesce(orders.shipping, 0) as shipping,
        coalesce(orders.discount, 0) as discount
    from orders
    inner join stores on orders.store_id = stores.store_id
    left join parents
        on
            orders.store_id = parents.store_id
            and orders.parent_id = parents.order_id
    where
        stores.is_shop_connected
        and orders.deleted_at is null
        and orders.created_at <= {{ as_of() }}
),

-- days follow the shop's local clock, as in its own report
local_times as (
    select
        seen_orders.*,
        coalesce(
            seen_orders.created_local,
            seen_orders.created_at at time zone seen_orders.timezone
        ) as created_by_clock,
        case
            when seen_orders.paid_at <= {{ as_of() }}
                then coalesce(
                    seen_orders.paid_local,
                    seen_orders.paid_at at time zone seen_orders.timezone
                )
        end as paid_by_clock,
        case
            when seen_orders.completed_at <= {{ as_of() }}
                then coalesce(
                    seen_orders.completed_local,
                    seen_orders.completed_at at time zone seen_orders.timezone
                )
        end as completed_by_clock,
        seen_orders.status not in ('checkout-draft', 'auto-draft', 'trash')
        and seen_orders.status not in (
            select
                unnest(string_to_array(seen_orders.excluded_statuses, ','))
        ) as is_counted_status
    from seen_orders
),

counted_times as (
    select
        local_times.*,
        case local_times.date_type
            when 'date_created' then local_times.created_by_clock
            when 'date_completed' then local_times.completed_by_clock
            else local_times.paid_by_clock
        end as counted_local
    from local_times
),

final as (
    select
        counted_times.store_id,
        counted_times.order_id,
        counted_times.parent_id,
        counted_times.status,
        counted_times.account_id,
        counted_times.email_key,
        counted_times.phone_key,
        counted_times.currency,
        counted_times.is_shop_currency,
        counted_times.created_via,
        counted_times.payment_method,
        counted_times.date_type,
        counted_times.created_at,
        counted_times.created_by_clock as created_local,
        counted_times.paid_by_clock as paid_local,
        counted_times.completed_by_clock as completed_local,
        counted_times.counted_local,
        counted_times.is_counted_status,
        case
            when counted_times.paid_by_clock is not null
                then counted_times.paid_at
        end as paid_at,
        case
            when counted_times.completed_by_clock is not null
                then counted_times.completed_at
        end as completed_at,
        case
            when counted_times.modified_at <= {{ as_of() }}
                then counted_times.modified_at
        end as modified_at,
        counted_times.is_counted_status
        and counted_times.counted_local is not null
        and not counted_times.is_of_other_order as is_counted,
        counted_times.is_counted_status
        and counted_times.counted_local is not null
        and counted_times.is_of_other_order as is_part,
        counted_times.total,
        counted_times.tax,
        counted_times.shipping,
        counted_times.total - counted_times.tax
        - counted_times.shipping as net,
        counted_times.discount,
        (
            select coalesce(sum({{ as_amount("line ->> 'quantity'") }}), 0)
            from {{ elements('counted_times.line_items') }} as line
        ) as items,
        (
            select coalesce(sum({{ as_amount("line ->> 'discount'") }}), 0)
            from {{ elements('counted_times.coupon_lines') }} as line
        ) as coupons,
        {{ first_after_as_of([
            "counted_times.paid_at",
            "counted_times.completed_at",
            "counted_times.modified_at",
        ]) }} as due_at
    from counted_times
)

select * from final
