with turns as (
    select * from {{ ref('fct_turns') }}
),

periods as (
    select * from {{ ref('int_changed_periods') }}
),

{% set answered = "turns.is_answered" -%}
{% set answered_first = "turns.is_answered and turns.is_first_response" -%}

turns_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        {{ dimension_of('turns', ['channel', 'author', 'bucket']) }},
        count(*) filter (where turns.bucket is not null) as bucketed,
        count(*) filter (where {{ answered }}) as answered,
        sum(turns.response_seconds) as seconds,
        {{ percentile(0.5, 'turns.response_seconds', answered) }} as median,
        {{ percentile(0.9, 'turns.response_seconds', answered) }} as p90,
        {{ percentile(
            0.5, 'turns.response_business_seconds', answered
        ) }} as business_median,
        count(*) filter (where {{ answered_first }}) as answered_first,
        {{ percentile(
            0.5, 'turns.response_seconds', answered_first
        ) }} as first_median,
        {{ percentile(
            0.9, 'turns.response_seconds', answered_first
        ) }} as first_p90,
        {{ percentile(
            0.5, 'turns.response_business_seconds', answered_first
        ) }} as first_business_median,
        greatest(
            periods.ends_at, max(turns.open_until)
        ) as final_after,
        greatest(
            periods.ends_at,
            max(turns.open_until) filter (where turns.is_first_response)
        ) as first_final_after
    from periods
    inner join turns on {{ lies_in_period('turns') }}
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        grouping sets (
            (), (turns.channel), (turns.author), (turns.bucket)
        )
),

final as (
    select
        turns_summary.store_id,
        turns_summary.period,
        turns_summary.first_day,
        metrics.metric,
        turns_summary.dimension,
        turns_summary.dimension_value,
        metrics.unit,
        metrics.numerator,
        metrics.denominator,
        metrics.value,
        metrics.final_after
    from turns_summary
    cross join lateral (
        values
        (
            'response_time_median',
            'seconds',
            null,
            turns_summary.answered,
            turns_summary.median,
            turns_summary.final_after
        ),
        (
            'response_time_p90',
            'seconds',
            null,
            turns_summary.answered,
            turns_summary.p90,
            turns_summary.final_after
        ),
        (
            'response_time_mean',
            'seconds',
            turns_summary.seconds,
            turns_summary.answered,
            turns_summary.seconds / nullif(turns_summary.answered, 0),
            turns_summary.final_after
        ),
        (
            'response_time_business_median',
            'seconds',
            null,
            turns_summary.answered,
            turns_summary.business_median,
            turns_summary.final_after
        ),
        (
            'first_response_time_median',
            'seconds',
            null,
            turns_summary.answered_first,
            turns_summary.first_median,
            turns_summary.first_final_after
        ),
        (
            'first_response_time_p90',
            'seconds',
            null,
            turns_summary.answered_first,
            turns_summary.first_p90,
            turns_summary.first_final_after
        ),
        (
            'first_response_time_business_median',
            'seconds',
            null,
            turns_summary.answered_first,
            turns_summary.first_business_median,
            turns_summary.first_final_after
        ),
        (
            'response_time_bucket',
            'count',
            nullif(turns_summary.bucketed, 0),
            null,
            nullif(turns_summary.bucketed, 0),
            turns_summary.final_after
        )
    ) as metrics (metric, unit, numerator, denominator, value, final_after)
    where
        turns_summary.dimension_value is not null
        and metrics.value is not null
        -- along buckets there are turns, and no response times
        and (
            turns_summary.dimension = 'all'
            or (turns_summary.dimension = 'bucket')
            = (metrics.metric = 'response_time_bucket')
        )
)

select * from final
