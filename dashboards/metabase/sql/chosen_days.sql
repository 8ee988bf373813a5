with last_day as (
    select max(kpi_daily.day) as day
    from marts.kpi_daily
    where kpi_daily.store_id = {{store}} and kpi_daily.metric = 'message_volume'
),

given_days as (
    select
        coalesce(
            [[cast({{from_day}} as date), ]]
            coalesce([[cast({{to_day}} as date), ]]last_day.day) - %(days)s
        ) as from_day,
        coalesce([[cast({{to_day}} as date), ]]last_day.day) as to_day
    from last_day
),

chosen_days as (
    select
        given_days.from_day,
        given_days.to_day,
        given_days.from_day - (given_days.to_day - given_days.from_day + 1)
            as from_day_before,
        given_days.from_day - 1 as to_day_before
    from given_days
)

