{#
    Every final figure of a day. Those that random variation does not explain
    have the figure that the weeks before let expect, and a score.
#}
{%- set key = ["store_id", "metric", "dimension", "dimension_value", "day"] -%}
{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_all_rows() }}",
        on_schema_change="fail",
        indexes=[{"columns": key, "unique": true}],
    )
}}

with figures as (
    select * from {{ ref('int_final_figures') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

on_scale as (
    select
        figures.*,
        dense_rank() over (
            order by
                figures.store_id,
                figures.metric,
                figures.dimension,
                figures.dimension_value
        ) as series,
        {{ scaled_value(
            'figures.value', 'figures.unit', 'figures.denominator'
        ) }} as scaled_value
    from figures
),

-- A row for each day of a series, with a figure or not, so that window frames
-- of rows are frames of days.
calendar as (
    select
        spans.series,
        midnights.midnight::date as day
    from (
        select
            on_scale.series,
            min(on_scale.day)::timestamp as first_day,
            max(on_scale.day)::timestamp as last_day
        from on_scale
        group by on_scale.series
    ) as spans
    cross join lateral generate_series(
        spans.first_day, spans.last_day, interval '1 day'
    ) as midnights (midnight)
),

fortnights as (
    select
        calendar.series,
        calendar.day,
        on_scale.unit,
        on_scale.denominator,
        on_scale.value,
        on_scale.scaled_value,
        array_agg(on_scale.scaled_value) over (
            partition by calendar.series
            order by calendar.day
            rows between {{ days_of_level() }} preceding and 1 preceding
        ) as values_before
    from calendar
    left join on_scale
        on
            calendar.series = on_scale.series
            and calendar.day = on_scale.day
),

deviations as (
    select
        fortnights.*,
        levels.level,
        fortnights.scaled_value - levels.level as deviation
    from fortnights
    left join lateral (
        select {{ median('before.scaled_value') }} as level
        from unnest(fortnights.values_before) as before (scaled_value)
        having count(before.scaled_value) >= {{ fewest_days_of_level() }}
    ) as levels on true
),

-- the deviations of the same weekday, up to the day itself
weeks as (
    select
        deviations.*,
        array[
            {%- for week in range(weeks_of_season() | int) %}
            lag(deviations.deviation, {{ 7 * week }}) over series_days
            {{- "," if not loop.last }}
            {%- endfor %}
        ] as weekday_deviations
    from deviations
    window series_days as (
        partition by deviations.series order by deviations.day
    )
),

weekdays as (
    select
        weeks.*,
        usual.weeks,
        usual.deviation as usual_deviation,
        array[
            {%- for week in range(1, weeks_of_season() | int + 1) %}
            abs(weeks.weekday_deviations[{{ week }}] - usual.deviation)
            {{- "," if not loop.last }}
            {%- endfor %}
        ] as distances
    from weeks
    cross join lateral (
        select
            count(each.deviation) as weeks,
            {{ median('each.deviation') }} as deviation
        from unnest(weeks.weekday_deviations) as each (deviation)
    ) as usual
),

-- those of all weekdays, each as of its last occurrence before the day
seasons as (
    select
        weekdays.*,
        lag(weekdays.weeks, 7) over series_days as weeks_before,
        lag(weekdays.usual_deviation, 7) over series_days as deviation_before,
        {%- for day in range(1, 8) %}
        {{ "|| " if not loop.first -}}
        lag(weekdays.distances, {{ day }}) over series_days
        {%- endfor %} as distances_before
    from weekdays
    window series_days as (
        partition by weekdays.series order by weekdays.day
    )
),

candidates as (
    select
        seasons.*,
        seasons.level + seasons.deviation_before as expected,
        -- fewer weeks, more uncertainty
        1 + 1.4 / seasons.weeks_before as uncertainty,
        {{ random_spread(
            'seasons.level + seasons.deviation_before',
            'seasons.unit',
            'seasons.denominator',
        ) }} as random_spread
    from seasons
    where seasons.weeks_before >= {{ fewest_weeks() }}
),

-- Only figures that random variation does not explain are compared with the
-- usual distances, which take longest to compute.
expectations as (
    select
        candidates.*,
        candidates.uncertainty
        * greatest(usual.distance / 1.15, candidates.random_spread) as spread
    from candidates
    cross join lateral (
        select percentile_cont(0.75) within group (
            order by each.distance
        ) as distance
        from unnest(candidates.distances_before) as each (distance)
        having count(each.distance) >= {{ fewest_days_of_season() }}
    ) as usual
    where
        abs(candidates.scaled_value - candidates.expected)
        >= {{ anomaly_score() }} * candidates.uncertainty
        * candidates.random_spread
),

final as (
    select
        on_scale.store_id,
        on_scale.metric,
        on_scale.dimension,
        on_scale.dimension_value,
        on_scale.day,
        on_scale.denominator,
        on_scale.value,
        {{ unscaled_value('expectations.expected') }} as expected,
        {{ unscaled_value(
            'expectations.expected - '
            ~ anomaly_score() ~ ' * expectations.spread'
        ) }} as lower,
        {{ unscaled_value(
            'expectations.expected + '
            ~ anomaly_score() ~ ' * expectations.spread'
        ) }} as upper,
        (
            (expectations.scaled_value - expectations.expected)
            / nullif(expectations.spread, 0)
        )::numeric as score
    from on_scale
    inner join stores on on_scale.store_id = stores.store_id
    left join expectations
        on
            on_scale.series = expectations.series
            and on_scale.day = expectations.day
    where
        on_scale.day
        >= {{ local_day(as_of(), 'stores.timezone') }} - {{ days_scored() }}
)

select * from final
