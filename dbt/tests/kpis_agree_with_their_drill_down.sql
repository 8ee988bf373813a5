-- noqa: disable=RF02
-- The predicates are lists of names; the only join is with the names of parts.
{#
    Every KPI of every day, taken once more straight from the facts: a list of
    what each counts, beside the models that store it.
#}
{% set by_author = ["channel", "author"] -%}
{% set by_channel = ["channel"] -%}
{% set by_issue = ["channel", "issue", "urgency", "language"] -%}
{% set bot_ended = "is_ended and is_bot_answered" -%}
{% set bot_known = "is_again_known and is_bot_answered" -%}

{% set counts = [
    ("message_volume", "fct_messages", "true", by_author),
    ("issue_volume", "messages_of_episodes", "author = 'customer'", by_issue),
    ("response_time_bucket", "fct_turns", "bucket is not null", ["bucket"]),
] -%}
{% set rates = [
    (
        "first_response_on_time_rate",
        "fct_episodes",
        "is_first_response_on_time",
        "is_ended and is_customer_started",
    ),
    ("unanswered_rate", "fct_episodes", "is_unanswered", "is_ended"),
    ("bot_success_rate", "fct_episodes", "is_bot_success", bot_ended),
    (
        "bot_durable_success_rate",
        "fct_episodes",
        "is_bot_durable_success",
        bot_known,
    ),
    ("handover_rate", "fct_episodes", "is_handed_over", bot_ended),
    ("reopen_rate", "fct_episodes", "is_again", "is_again_known"),
    (
        "predicted_satisfaction_rate",
        "fct_episodes",
        "is_predicted_satisfied",
        bot_ended ~ " and is_predicted_satisfied is not null",
    ),
    ("csat", "fct_ratings", "rating >= 4", "true"),
    ("csat_response_rate", "fct_rating_requests", "is_answered", "true"),
] -%}
{% set percentiles = [
    ("response_time_median", "fct_turns", 0.5, "response_seconds", "true"),
    ("response_time_p90", "fct_turns", 0.9, "response_seconds", "true"),
    (
        "response_time_business_median",
        "fct_turns",
        0.5,
        "response_business_seconds",
        "true",
    ),
    (
        "first_response_time_median",
        "fct_turns",
        0.5,
        "response_seconds",
        "is_first_response",
    ),
    (
        "first_response_time_p90",
        "fct_turns",
        0.9,
        "response_seconds",
        "is_first_response",
    ),
    (
        "first_response_time_business_median",
        "fct_turns",
        0.5,
        "response_business_seconds",
        "is_first_response",
    ),
    (
        "episode_duration_median",
        "fct_episodes",
        0.5,
        "duration_seconds",
        "is_ended",
    ),
] -%}

with kpis as (
    select
        kpi_daily.store_id,
        kpi_daily.day,
        kpi_daily.metric,
        kpi_daily.dimension,
        kpi_daily.dimension_value,
        kpi_daily.numerator,
        kpi_daily.denominator,
        kpi_daily.value
    from {{ ref('kpi_daily') }} as kpi_daily
    where
        {{ in_changed_days() }}
        and not {{ is_store_metric() }}
),

-- counted on the day on which their episode started
messages_of_episodes as (
    select
        fct_messages.store_id,
        fct_messages.episode_day as day,
        fct_messages.author,
        fct_messages.channel,
        fct_messages.issue,
        fct_messages.urgency,
        fct_messages.language
    from {{ ref('fct_messages') }} as fct_messages
),

drill_down as (
    {%- for metric, fact, condition, dimensions in counts %}
    select
        store_id,
        day,
        '{{ metric }}' as metric,
        parts.dimension,
        parts.dimension_value,
        count(*)::numeric as numerator,
        null::numeric as denominator,
        count(*)::numeric as value
    from {{ ref(fact) if fact.startswith("fct_") else fact }}
    {{ along_dimensions(dimensions) }}
    where {{ in_changed_days() }}
    and {{ condition }}
    group by store_id, day, parts.dimension, parts.dimension_value

    union all
    {%- endfor %}
    {%- for metric, fact, numerator, denominator in rates %}

    select
        store_id,
        day,
        '{{ metric }}' as metric,
        parts.dimension,
        parts.dimension_value,
        sum(({{ numerator }})::integer) as numerator,
        count(*) as denominator,
        100.0 * sum(({{ numerator }})::integer) / count(*) as value
    from {{ ref(fact) }}
    {{ along_dimensions(by_channel) }}
    where {{ in_changed_days() }}
    and {{ denominator }}
    group by store_id, day, parts.dimension, parts.dimension_value

    union all
    {%- endfor %}
    {%- for metric, fact, share, column, condition in percentiles %}

    select
        store_id,
        day,
        '{{ metric }}' as metric,
        parts.dimension,
        parts.dimension_value,
        null as numerator,
        count({{ column }}) as denominator,
        (
            percentile_cont({{ share }}) within group (order by {{ column }})
        )::numeric as value
    from {{ ref(fact) }}
    {{ along_dimensions(by_author if fact == 'fct_turns' else by_channel) }}
    where {{ in_changed_days() }}
    and {{ column }} is not null
    and {{ condition }}
    group by store_id, day, parts.dimension, parts.dimension_value

    union all
    {%- endfor %}

    select
        store_id,
        day,
        'response_time_mean' as metric,
        parts.dimension,
        parts.dimension_value,
        sum(response_seconds) as numerator,
        count(response_seconds) as denominator,
        sum(response_seconds) / count(response_seconds) as value
    from {{ ref('fct_turns') }}
    {{ along_dimensions(by_author) }}
    where {{ in_changed_days() }}
    and response_seconds is not null
    group by store_id, day, parts.dimension, parts.dimension_value
),

stored_otherwise as (
    select * from kpis
    except
    select * from drill_down
),

not_stored as (
    select * from drill_down
    except
    select * from kpis
)

select * from stored_otherwise
union all
select * from not_stored
