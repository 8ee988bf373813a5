{{
    config(
        indexes=[{
            "columns": ["store_id", "period", "first_day"], "unique": true,
        }],
        post_hook="analyze {{ this }}",
    )
}}

with messages as (
    select * from {{ ref('fct_messages') }}
),

ratings as (
    select * from {{ ref('fct_ratings') }}
),

rating_requests as (
    select * from {{ ref('fct_rating_requests') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

-- turns and episodes start with a message, so they add no days
days as (
    select
        messages.store_id,
        messages.day
    from messages

    union

    select
        ratings.store_id,
        ratings.day
    from ratings

    union

    select
        rating_requests.store_id,
        rating_requests.day
    from rating_requests
),

periods as (
    select
        days.store_id,
        'day' as period,
        days.day as first_day,
        days.day + 1 as next_day
    from days

    union

    select
        days.store_id,
        'month' as period,
        {{ month_of('days.day') }} as first_day,
        (
            {{ month_of('days.day') }} + interval '1 month'
        )::date as next_day
    from days
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
