with ratings as (
    select * from {{ ref('fct_ratings') }}
),

rating_requests as (
    select * from {{ ref('fct_rating_requests') }}
),

periods as not materialized (
    select * from {{ ref('int_changed_periods') }}
),

ratings_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        'csat' as metric,
        {{ dimension_of('ratings', ['channel']) }},
        count(*) filter (where ratings.is_satisfied) as numerator,
        count(*) as denominator,
        periods.ends_at as final_after
    from periods
    inner join ratings on {{ lies_in_period('ratings') }}
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        grouping sets ((), (ratings.channel))
),

requests_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        'csat_response_rate' as metric,
        {{ dimension_of('rating_requests', ['channel']) }},
        count(*) filter (where rating_requests.is_answered) as numerator,
        count(*) as denominator,
        greatest(
            periods.ends_at, max(rating_requests.open_until)
        ) as final_after
    from periods
    inner join rating_requests on {{ lies_in_period('rating_requests') }}
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        grouping sets ((), (rating_requests.channel))
),

summaries as (
    select * from ratings_summary
    union all
    select * from requests_summary
),

final as (
    select
        summaries.store_id,
        summaries.period,
        summaries.first_day,
        summaries.metric,
        summaries.dimension,
        summaries.dimension_value,
        'percent' as unit,
        summaries.numerator::numeric as numerator,
        summaries.denominator::numeric as denominator,
        100.0 * summaries.numerator / summaries.denominator as value,
        summaries.final_after
    from summaries
)

select * from final
