{{ config(materialized="table") }}

with analytics_rows as (
    select * from {{ ref('int_analytics_rows') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

final as (
    select
        analytics_rows.store_id,
        analytics_rows.order_id,
        date_types.date_type,
        analytics_rows.parent_id,
        date_types.local_time::date as day,
        analytics_rows.created_local as date_created,
        analytics_rows.status,
        analytics_rows.analytics_customer_key as customer_id,
        analytics_rows.net as net_total,
        analytics_rows.total_sales,
        analytics_rows.tax as taxes,
        analytics_rows.shipping,
        analytics_rows.coupons,
        analytics_rows.items as num_items_sold,
        analytics_rows.customer_type
    from analytics_rows
    inner join stores on analytics_rows.store_id = stores.store_id
    cross join lateral (
        values
        ('date_paid', analytics_rows.paid_local),
        ('date_created', analytics_rows.created_local),
        ('date_completed', analytics_rows.completed_local)
    ) as date_types (date_type, local_time)
    where
        date_types.local_time is not null
        -- the third only where the shop's own report goes by it
        and (
            date_types.date_type <> 'date_completed'
            or stores.date_type = 'date_completed'
        )
)

select * from final
