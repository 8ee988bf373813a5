{{
    config(
        indexes=[{"columns": ["store_id", "opens_at"], "unique": true}],
        post_hook="analyze {{ this }}",
    )
}}

with business_hours as (
    select * from {{ ref('stg_business_hours') }}
),

holidays as (
    select * from {{ ref('stg_holidays') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

customer_events as (
    select * from {{ ref('int_customer_events') }}
),

event_days as (
    select distinct
        customer_events.store_id,
        (customer_events.occurred_at at time zone 'UTC')::date as day
    from customer_events
),

-- Only days around events: one event with a wrong century must not add all the
-- days in between. No turn waits longer than waiting_days; the two more days on
-- both sides are for time zones and for hours past midnight.
days as (
    select distinct
        event_days.store_id,
        event_days.day + around.days as day
    from event_days
    cross join generate_series(
        -2, {{ var('waiting_days') }} + 2
    ) as around (days)
),

-- A closing time at or before the opening time is on the next day. A holiday
-- removes the periods that would have opened on that day.
openings as (
    select
        stores.store_id,
        (days.day + business_hours.opens)
        at time zone stores.timezone as opens_at,
        (
            days.day + business_hours.closes + case
                when business_hours.closes <= business_hours.opens
                    then interval '1 day'
                else interval '0'
            end
        ) at time zone stores.timezone as closes_at
    from days
    inner join stores on days.store_id = stores.store_id
    inner join business_hours
        on
            days.store_id = business_hours.store_id
            and extract(isodow from days.day) = business_hours.weekday
    left join holidays
        on
            days.store_id = holidays.store_id
            and days.day = holidays.day
    where holidays.day is null
),

-- merge periods that overlap or touch
united as (
    select
        openings.store_id,
        unnest(
            range_agg(tstzrange(openings.opens_at, openings.closes_at))
        ) as period
    from openings
    where openings.opens_at < openings.closes_at
    group by openings.store_id
),

final as (
    select
        united.store_id,
        lower(united.period) as opens_at,
        upper(united.period) as closes_at,
        -- the open seconds of all earlier periods
        coalesce(sum(
            {{ seconds_between(
                'lower(united.period)', 'upper(united.period)'
            ) }}
        ) over (
            partition by united.store_id
            order by lower(united.period)
            rows between unbounded preceding and 1 preceding
        ), 0) as seconds_before
    from united
)

select * from final
