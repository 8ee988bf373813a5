{% set kpis = kpi_definitions() -%}

with messages as (
    select * from {{ ref('fct_messages') }}
),

episodes as (
    select * from {{ ref('int_episodes') }}
),

reviews as (
    select * from {{ ref('int_reviews') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

-- messages on the day on which their episode started, as in issue_volume
sentiments as (
    select
        messages.store_id,
        'chat' as source,
        messages.episode_day as day,
        messages.sentiment = 'positive' as is_positive,
        messages.sentiment <> 'unscored' as is_scored,
        episodes.ended_at
    from messages
    inner join episodes on messages.episode_id = episodes.episode_id
    where messages.author = 'customer'

    union all

    select
        reviews.store_id,
        'reviews' as source,
        reviews.day,
        coalesce(reviews.sentiment = 'positive', false) as is_positive,
        reviews.sentiment is not null as is_scored,
        null as ended_at
    from reviews
    inner join stores on reviews.store_id = stores.store_id
    where reviews.written_at <= {{ as_of() }}
),

-- reviews also come on days without a message
periods as (
    select
        days.store_id,
        days.period,
        days.first_day,
        days.next_day,
        days.next_day::timestamp at time zone stores.timezone as ends_at
    from (
        select
            sentiments.store_id,
            'day' as period,
            sentiments.day as first_day,
            sentiments.day + 1 as next_day
        from sentiments

        union

        select
            sentiments.store_id,
            'month' as period,
            {{ month_of('sentiments.day') }} as first_day,
            (
                {{ month_of('sentiments.day') }} + interval '1 month'
            )::date as next_day
        from sentiments
    ) as days
    inner join stores on days.store_id = stores.store_id
),

final as (
    {{ kpi_rows(
        kpis,
        'sentiments',
        final_after={"ended": "max(sentiments.ended_at)"},
    ) }}
)

select * from final
