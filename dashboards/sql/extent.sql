-- The stores of the dashboards: those with figures, and connected shops. A
-- shop can have sold for years before its first chat, so both have a first
-- day. Days are searched only in the first and the last month, since scanning
-- those of all years would be slow.
with months as (
    select
        kpi_monthly.store_id,
        kpi_monthly.metric,
        min(kpi_monthly.month) as first_month,
        max(kpi_monthly.month) as last_month,
        max(kpi_monthly.data_as_of) as data_as_of,
        max(kpi_monthly.quality) as quality,
        array_agg(distinct kpi_monthly.dimension_value)
        filter (where kpi_monthly.dimension = 'channel') as channels
    from marts.kpi_monthly
    where
        kpi_monthly.metric in ('message_volume', 'orders')
        and kpi_monthly.dimension in ('all', 'channel')
    group by kpi_monthly.store_id, kpi_monthly.metric
),

days as (
    select
        months.*,
        (
            select min(kpi_daily.day)
            from marts.kpi_daily
            where
                kpi_daily.store_id = months.store_id
                and kpi_daily.metric = months.metric
                and kpi_daily.day between
                months.first_month and months.first_month + 30
        ) as first_day,
        (
            select max(kpi_daily.day)
            from marts.kpi_daily
            where
                kpi_daily.store_id = months.store_id
                and kpi_daily.metric = months.metric
                and kpi_daily.day between
                months.last_month and months.last_month + 30
        ) as last_day
    from months
),

chats as (
    select * from days
    where metric = 'message_volume'
),

sales as (
    select * from days
    where metric = 'orders'
),

shown as (
    select
        dim_stores.store_id as store,
        coalesce(dim_stores.store_name, dim_stores.store_id) as name,
        chats.first_day as chats_first_day,
        sales.first_day as sales_first_day,
        -- a shop without data has today as its first and last day
        (now() at time zone dim_stores.timezone)::date as today,
        greatest(chats.last_day, sales.last_day) as last_day,
        coalesce(chats.data_as_of, sales.data_as_of, now()) as data_as_of,
        coalesce(chats.quality, sales.quality, 'warn') as quality,
        coalesce(chats.channels, '{}') as channels,
        dim_stores.timezone,
        coalesce(dim_stores.currency, 'IDR') as currency,
        dim_stores.prices_decimals
    from marts.dim_stores
    left join chats on dim_stores.store_id = chats.store_id
    left join sales on dim_stores.store_id = sales.store_id
    where
        chats.store_id is not null
        or sales.store_id is not null
        or dim_stores.is_shop_connected
)

select
    shown.store,
    -- shops of the same name are distinguished by their ids
    case
        when count(*) over (partition by shown.name) > 1
            and shown.name != shown.store
            then shown.name || ' (' || shown.store || ')'
        else shown.name
    end as name,
    coalesce(shown.chats_first_day, shown.sales_first_day, shown.today)
        as first_day,
    shown.sales_first_day,
    coalesce(shown.last_day, shown.today) as last_day,
    shown.data_as_of,
    shown.quality,
    shown.channels,
    shown.timezone,
    shown.currency,
    shown.prices_decimals,
    array(
        select survey_checks.wave
        from marts.survey_checks
        where survey_checks.store_id = shown.store
        order by
            coalesce(
                survey_checks.opened_at, survey_checks.last_answered_at
            ) desc,
            survey_checks.wave desc
    ) as waves
from shown
order by shown.store
