{{ config(materialized="ephemeral") }}

{# A day without a row of these is final as soon as it is over. -#}
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
        -- a single long wait moves a mean
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

-- every day of a sum that has a row, final or not, and the next such day
sums as (
    select
        daily_kpis.store_id,
        daily_kpis.metric,
        daily_kpis.dimension,
        daily_kpis.dimension_value,
        daily_kpis.unit,
        daily_kpis.day,
        daily_kpis.is_final,
        lead(daily_kpis.day) over series_days as next_day,
        min(daily_kpis.day) filter (where daily_kpis.is_final)
        over series as first_day,
        count(*) filter (where daily_kpis.is_final) over series as final_days
    from daily_kpis
    where
        daily_kpis.unit in ('count', 'currency')
        and daily_kpis.denominator is null
    window
        series as (
            partition by
                daily_kpis.store_id,
                daily_kpis.metric,
                daily_kpis.dimension,
                daily_kpis.dimension_value
        ),
        series_days as (
            partition by
                daily_kpis.store_id,
                daily_kpis.metric,
                daily_kpis.dimension,
                daily_kpis.dimension_value
            order by daily_kpis.day
        )
),

frequent_sums as (
    select
        sums.*,
        max(sums.day) filter (where sums.is_final) over (
            partition by sums.store_id, sums.metric
        ) as last_day
    from sums
    -- rarer ones get no score and need no zeros
    where sums.final_days >= {{ fewest_days_of_season() }}
),

gaps as (
    select
        frequent_sums.*,
        least(
            frequent_sums.next_day - 1,
            case
                when
                    frequent_sums.metric in (
                        {%- for metric in final_at_midnight %}
                        '{{ metric }}'{{ "," if not loop.last }}
                        {%- endfor %}
                    )
                    then stores.today - 1
                else frequent_sums.last_day
            end
        ) as until_day
    from frequent_sums
    inner join stores on frequent_sums.store_id = stores.store_id
    where
        frequent_sums.day >= frequent_sums.first_day
        and frequent_sums.next_day is distinct from frequent_sums.day + 1
),

zeros as (
    select
        gaps.store_id,
        gaps.metric,
        gaps.dimension,
        gaps.dimension_value,
        calendar.midnight::date as day,
        gaps.unit,
        null::numeric as denominator,
        0 as value
    from gaps
    cross join lateral generate_series(
        (gaps.day + 1)::timestamp, gaps.until_day::timestamp, interval '1 day'
    ) as calendar (midnight)
),

final as (
    select * from final_kpis
    union all
    select * from zeros
)

select * from final
