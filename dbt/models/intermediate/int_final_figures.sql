{{ config(materialized="ephemeral") }}

{# Of these a day without a row is known to be one as soon as it is over. -#}
{% set final_at_midnight = ["message_volume", "orders", "net_sales"] -%}

with kpis as (
    select * from {{ ref('kpi_daily') }}
),

dim_stores as (
    select * from {{ ref('dim_stores') }}
),

stores as (
    select
        dim_stores.store_id,
        {{ local_day(as_of(), 'dim_stores.timezone') }} as today
    from dim_stores
),

daily_kpis as (
    select
        kpis.store_id,
        kpis.metric,
        kpis.dimension,
        kpis.dimension_value,
        kpis.day,
        kpis.unit,
        kpis.denominator,
        kpis.value,
        kpis.is_final
    from kpis
    inner join stores on kpis.store_id = stores.store_id
    where
        kpis.dimension in ('all', 'author', 'channel', 'issue')
        and kpis.day >= stores.today - {{ days_read() }}
        -- one long wait is enough to move a mean
        and kpis.metric <> 'response_time_mean'
),

final_kpis as (
    select
        daily_kpis.store_id,
        daily_kpis.metric,
        daily_kpis.dimension,
        daily_kpis.dimension_value,
        daily_kpis.day,
        daily_kpis.unit,
        daily_kpis.denominator,
        daily_kpis.value
    from daily_kpis
    where
        daily_kpis.is_final
        and (
            daily_kpis.denominator is null
            or daily_kpis.denominator >= {{ fewest_values() }}
        )
),

sums as (
    select
        final_kpis.store_id,
        final_kpis.metric,
        final_kpis.dimension,
        final_kpis.dimension_value,
        final_kpis.unit,
        min(final_kpis.day) as first_day,
        max(max(final_kpis.day)) over (
            partition by final_kpis.store_id, final_kpis.metric
        ) as last_day
    from final_kpis
    where
        final_kpis.unit in ('count', 'currency')
        and final_kpis.denominator is null
    group by
        final_kpis.store_id,
        final_kpis.metric,
        final_kpis.dimension,
        final_kpis.dimension_value,
        final_kpis.unit
    -- what is rarer cannot be judged, and needs no zeros
    having count(*) >= {{ fewest_days_of_season() }}
),

zeros as (
    select
        sums.store_id,
        sums.metric,
        sums.dimension,
        sums.dimension_value,
        calendar.midnight::date as day,
        sums.unit,
        null::numeric as denominator,
        0 as value
    from sums
    inner join stores on sums.store_id = stores.store_id
    cross join lateral generate_series(
        sums.first_day::timestamp,
        case
            when
                sums.metric in (
                    {%- for metric in final_at_midnight %}
                    '{{ metric }}'{{ "," if not loop.last }}
                    {%- endfor %}
                )
                then stores.today - 1
            else sums.last_day
        end,
        interval '1 day'
    ) as calendar (midnight)
    left join daily_kpis
        on
            sums.store_id = daily_kpis.store_id
            and sums.metric = daily_kpis.metric
            and sums.dimension = daily_kpis.dimension
            and sums.dimension_value = daily_kpis.dimension_value
            and calendar.midnight::date = daily_kpis.day
    where daily_kpis.day is null
),

final as (
    select * from final_kpis
    union all
    select * from zeros
)

select * from final
