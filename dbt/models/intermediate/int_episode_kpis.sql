{#
    Share of the episodes that fulfil `denominator` which also fulfil
    `numerator`, and until when an episode that started in the period can still
    change it.
#}
{% set known = "is_again_known and is_bot_answered" -%}
{% set rates = [
    (
        "first_response_on_time_rate",
        "is_first_response_on_time",
        "is_ended and is_customer_started",
        "ended",
    ),
    ("unanswered_rate", "is_unanswered", "is_ended", "ended"),
    ("bot_success_rate", "is_bot_success", "is_ended and is_bot_answered", "ratable"),
    ("bot_durable_success_rate", "is_bot_durable_success", known, "durable"),
    ("handover_rate", "is_handed_over", "is_ended and is_bot_answered", "ended"),
    ("reopen_rate", "is_again", "is_again_known", "again"),
    (
        "predicted_satisfaction_rate",
        "is_predicted_satisfied",
        "is_ended and is_bot_answered and is_predicted_satisfied is not null",
        "ratable",
    ),
] -%}

with episodes as (
    select * from {{ ref('int_episodes') }}
),

periods as (
    select * from {{ ref('int_changed_periods') }}
),

-- An episode in which the customer has not written yet counts once they do,
-- so it is looked at for when the figures are final, and for nothing else.
episodes_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        {{ dimension_of('episodes', ['channel']) }},
        count(*) filter (
            where episodes.is_ended and episodes.has_customer_message
        ) as ended,
        {{ percentile(
            0.5,
            'episodes.duration_seconds',
            'episodes.is_ended and episodes.has_customer_message'
        ) }} as duration_median,
        {%- for metric, numerator, denominator, final_after in rates %}
        count(*) filter (
            where
            episodes.has_customer_message and {{ numerator }}
            and {{ denominator }}
        ) as {{ metric }}_numerator,
        count(*) filter (
            where episodes.has_customer_message and {{ denominator }}
        ) as {{ metric }}_denominator,
        {%- endfor %}
        greatest(periods.ends_at, max(episodes.ended_at)) as ended_after,
        greatest(
            periods.ends_at,
            max(episodes.ended_at),
            max(episodes.ratable_until)
        ) as ratable_after,
        greatest(
            periods.ends_at,
            max(episodes.ended_at) + {{ days(var('again_days')) }}
        ) as again_after,
        greatest(
            periods.ends_at,
            max(episodes.ended_at) + {{ days(var('again_days')) }},
            -- one that ended before the customer wrote will never count
            max(episodes.ratable_until) filter (
                where episodes.has_customer_message or not episodes.is_ended
            )
        ) as durable_after
    from periods
    inner join episodes on {{ lies_in_period('episodes') }}
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        grouping sets ((), (episodes.channel))
),

final as (
    select
        episodes_summary.store_id,
        episodes_summary.period,
        episodes_summary.first_day,
        metrics.metric,
        episodes_summary.dimension,
        episodes_summary.dimension_value,
        metrics.unit,
        metrics.numerator::numeric as numerator,
        metrics.denominator::numeric as denominator,
        metrics.value,
        metrics.final_after
    from episodes_summary
    cross join lateral (
        values
        {%- for metric, numerator, denominator, final_after in rates %}
        (
            '{{ metric }}',
            'percent',
            episodes_summary.{{ metric }}_numerator,
            episodes_summary.{{ metric }}_denominator,
            100.0 * episodes_summary.{{ metric }}_numerator
            / nullif(episodes_summary.{{ metric }}_denominator, 0),
            episodes_summary.{{ final_after }}_after
        ),
        {%- endfor %}
        (
            'episode_duration_median',
            'seconds',
            null,
            episodes_summary.ended,
            episodes_summary.duration_median,
            episodes_summary.ended_after
        )
    ) as metrics (metric, unit, numerator, denominator, value, final_after)
    where metrics.denominator > 0
)

select * from final
