{{
    config(
        indexes=[{
            "columns": ["store_id", "period", "first_day"], "unique": true,
        }],
        post_hook="analyze {{ this }}",
    )
}}

with changed_days as (
    select * from {{ ref('int_changed_days') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

periods as (
    select
        changed_days.store_id,
        'day' as period,
        changed_days.day as first_day,
        changed_days.day + 1 as next_day
    from changed_days

    union

    select
        changed_days.store_id,
        'month' as period,
        {{ month_of('changed_days.day') }} as first_day,
        (
            {{ month_of('changed_days.day') }} + interval '1 month'
        )::date as next_day
    from changed_days
),

final as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.next_day,
        periods.next_day::timestamp at time zone stores.timezone as ends_at
    from periods
    inner join stores on periods.store_id = stores.store_id
)

select * from final
