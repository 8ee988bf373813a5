{#
    Every build computes all rows, as orders change long after their day. It
    replaces the rows and not the table, so that views on the table stay.
#}
{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_all_rows() }}",
        on_schema_change="fail",
        indexes=[{
            "columns": [
                "store_id",
                "period",
                "first_day",
                "metric",
                "dimension",
                "dimension_value",
            ],
            "unique": true,
        }],
    )
}}

with sales_kpis as (
    select * from {{ ref('int_sales_kpis') }}
),

shopper_kpis as (
    select * from {{ ref('int_shopper_kpis') }}
),

chat_sales_kpis as (
    select * from {{ ref('int_chat_sales_kpis') }}
),

kpis as (
    select
        sales_kpis.*,
        null::timestamptz as settled_after
    from sales_kpis

    union all

    select
        shopper_kpis.*,
        null::timestamptz as settled_after
    from shopper_kpis

    union all

    select chat_sales_kpis.*
    from chat_sales_kpis
),

stores as (
    select * from {{ ref('dim_stores') }}
),

final as (
    select
        kpis.store_id,
        kpis.period,
        kpis.first_day,
        kpis.metric,
        kpis.dimension,
        kpis.dimension_value,
        kpis.unit,
        kpis.numerator,
        kpis.denominator,
        kpis.value,
        greatest(
            kpis.next_day::timestamp at time zone stores.timezone,
            kpis.settled_after
        ) as final_after
    from kpis
    inner join stores on kpis.store_id = stores.store_id
)

select * from final
