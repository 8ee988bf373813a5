-- noqa: disable=RF02
-- Every KPI of every day equals the one computed directly from the facts.
{% set kpis = kpi_definitions().values() | selectattr("fact", "in", [
    "messages", "customer_messages", "turns", "episodes", "ratings",
    "rating_requests", "sentiments",
]) | list -%}

with kpis as (
    select
        kpi_daily.store_id,
        kpi_daily.day,
        kpi_daily.dimension,
        kpi_daily.dimension_value,
        kpi_daily.metric,
        kpi_daily.unit,
        kpi_daily.numerator,
        kpi_daily.denominator,
        kpi_daily.value
    from {{ ref('kpi_daily') }} as kpi_daily
    where not {{ is_store_metric() }}
),

messages as (
    select * from {{ ref('fct_messages') }}
),

-- issue_volume counts them on the day on which their episode started
customer_messages as (
    select
        messages.store_id,
        messages.episode_day as day,
        messages.channel,
        messages.issue,
        messages.urgency,
        messages.language,
        messages.sentiment
    from messages
    where
        messages.author = 'customer'
        and messages.episode_day is not null
),

sentiments as (
    select
        customer_messages.store_id,
        customer_messages.day,
        'chat' as source,
        customer_messages.sentiment = 'positive' as is_positive,
        customer_messages.sentiment <> 'unscored' as is_scored
    from customer_messages

    union all

    select
        reviews.store_id,
        {{ local_day('reviews.written_at', 'stores.timezone') }} as day,
        'reviews' as source,
        review_sentiments.sentiment = 'positive' as is_positive,
        true as is_scored
    from {{ ref('stg_reviews') }} as reviews
    inner join {{ ref('dim_stores') }} as stores
        on reviews.store_id = stores.store_id
    inner join {{ ref('stg_review_sentiments') }} as review_sentiments
        on
            reviews.store_id = review_sentiments.store_id
            and reviews.source = review_sentiments.source
            and reviews.review_id = review_sentiments.review_id
            and reviews.version = review_sentiments.version
    where reviews.written_at <= {{ as_of() }}
),

turns as (
    select * from {{ ref('fct_turns') }}
),

episodes as (
    select * from {{ ref('fct_episodes') }}
),

ratings as (
    select * from {{ ref('fct_ratings') }}
),

rating_requests as (
    select * from {{ ref('fct_rating_requests') }}
),

drill_down as (
    {%- for kpi in kpis %}
    select
        summary.store_id,
        summary.day,
        summary.dimension,
        summary.dimension_value,
        figure.metric,
        figure.unit,
        figure.numerator,
        figure.denominator,
        figure.value
    from (
        select
            store_id,
            day,
            parts.dimension,
            parts.dimension_value,
            {{- kpi_aggregates(kpi, kpi.fact) }}
            count(*) as facts
        from {{ kpi.fact }}
        {{ along_dimensions(kpi.dimensions) }}
        group by store_id, day, parts.dimension, parts.dimension_value
    ) as summary
    cross join lateral (
        values ({{ kpi_figure_of(kpi, 'summary') }})
    ) as figure (metric, unit, numerator, denominator, value)
    where figure.value is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
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
