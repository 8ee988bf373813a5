{#
    Each final figure of a day beside what the weeks before it let expect. Only
    what changed since it was last judged is judged again, with the days after
    it for which it counts. Of what is no longer there a row of nulls stays.
#}
-- noqa: disable=ST03
{%- set key = ["store_id", "metric", "dimension", "dimension_value", "day"] -%}
{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=key,
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

judged_before as (
    {%- if is_incremental() %}
    select this_model.*
    from {{ this }} as this_model
    inner join stores
        on this_model.store_id = stores.store_id
    where
        this_model.day
        >= {{ local_day(as_of(), 'stores.timezone') }} - {{ days_read() }}
    {%- else %}
    select figures.*
    from figures
    where false
    {%- endif %}
),

changed as (
    select
        coalesce(figures.store_id, judged_before.store_id) as store_id,
        coalesce(figures.metric, judged_before.metric) as metric,
        coalesce(figures.dimension, judged_before.dimension) as dimension,
        coalesce(
            figures.dimension_value, judged_before.dimension_value
        ) as dimension_value,
        coalesce(figures.day, judged_before.day) as day,
        figures.day is null as is_gone
    from figures
    full outer join judged_before
        on
            figures.store_id = judged_before.store_id
            and figures.metric = judged_before.metric
            and figures.dimension = judged_before.dimension
            and figures.dimension_value = judged_before.dimension_value
            and figures.day = judged_before.day
    where
        figures.value is distinct from judged_before.value
        or figures.denominator is distinct from judged_before.denominator
),

changed_series as (
    select
        changed.store_id,
        changed.metric,
        changed.dimension,
        changed.dimension_value,
        min(changed.day) as first_day,
        max(changed.day) as last_day
    from changed
    group by
        changed.store_id,
        changed.metric,
        changed.dimension,
        changed.dimension_value
),

on_scale as (
    select
        figures.*,
        {{ judged_value(
            'figures.value', 'figures.unit', 'figures.denominator'
        ) }} as judged_value,
        extract(isodow from figures.day) as weekday,
        figures.day >= changed_series.first_day as is_affected
    from figures
    inner join changed_series
        on
            figures.store_id = changed_series.store_id
            and figures.metric = changed_series.metric
            and figures.dimension = changed_series.dimension
            and figures.dimension_value = changed_series.dimension_value
    where
        figures.day between changed_series.first_day - {{ days_of_reach() }}
        and changed_series.last_day + {{ days_of_reach() }}
),

fortnights as (
    select
        on_scale.*,
        array_agg(on_scale.judged_value)
        filter (where on_scale.judged_value is not null)
        over {{ days_before("on_scale", days_of_level()) }} as values_before
    from on_scale
),

deviations as (
    select
        fortnights.*,
        levels.level,
        fortnights.judged_value - levels.level as deviation
    from fortnights
    left join lateral (
        select {{ median('before.judged_value') }} as level
        from unnest(fortnights.values_before) as before (judged_value)
        having count(*) >= {{ fewest_days_of_level() }}
    ) as levels on true
),

seasons as (
    select
        deviations.*,
        array_agg(deviations.deviation)
        filter (where deviations.deviation is not null)
        over {{ days_before("deviations", days_of_season()) }}
            as deviations_before,
        array_agg(deviations.weekday)
        filter (where deviations.deviation is not null)
        over {{ days_before("deviations", days_of_season()) }}
            as weekdays_before
    from deviations
),

expectations as (
    select
        seasons.*,
        seasons.level + usual.deviation as expected,
        -- what few weeks say is uncertain itself
        (1 + 1.4 / usual.weeks) * greatest(
            usual.distance / 1.15,
            {{ chance(
                'seasons.level + usual.deviation',
                'seasons.unit',
                'seasons.denominator',
            ) }}
        ) as spread
    from seasons
    left join lateral (
        with before as (
            select
                each.deviation,
                each.weekday
            from
                unnest(seasons.deviations_before, seasons.weekdays_before)
                as each (deviation, weekday)
            where seasons.is_affected
        ),

        weekdays as (
            select
                before.weekday,
                count(*) as weeks,
                {{ median('before.deviation') }} as deviation
            from before
            group by before.weekday
        )

        select
            max(weekdays.weeks) filter (
                where weekdays.weekday = seasons.weekday
            ) as weeks,
            max(weekdays.deviation) filter (
                where weekdays.weekday = seasons.weekday
            ) as deviation,
            percentile_cont(0.75) within group (
                order by abs(before.deviation - weekdays.deviation)
            ) as distance
        from before
        inner join weekdays on before.weekday = weekdays.weekday
        having count(*) >= {{ fewest_days_of_season() }}
    ) as usual on usual.weeks >= {{ fewest_weeks() }}
),

final as (
    select
        expectations.store_id,
        expectations.metric,
        expectations.dimension,
        expectations.dimension_value,
        expectations.day,
        expectations.denominator,
        expectations.value,
        {{ figure_of('expectations.expected') }} as expected,
        {{ figure_of(
            'expectations.expected - '
            ~ anomaly_score() ~ ' * expectations.spread'
        ) }} as lower,
        {{ figure_of(
            'expectations.expected + '
            ~ anomaly_score() ~ ' * expectations.spread'
        ) }} as upper,
        (
            (expectations.judged_value - expectations.expected)
            / nullif(expectations.spread, 0)
        )::numeric as score
    from expectations
    where expectations.is_affected

    union all

    select
        changed.store_id,
        changed.metric,
        changed.dimension,
        changed.dimension_value,
        changed.day,
        null as denominator,
        null as value,
        null as expected,
        null as lower,
        null as upper,
        null as score
    from changed
    where changed.is_gone
)

select * from final
