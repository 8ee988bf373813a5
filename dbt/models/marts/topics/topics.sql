-- A view, so that renamed and merged topics show without a build.
{{ config(materialized="view", meta={"freshness": none}) }}

with topics as (
    select * from {{ ref('int_topic_names') }}
),

topic_growth as (
    select * from {{ ref('stg_topic_growth') }}
),

topic_messages as (
    select * from {{ ref('fct_topic_messages') }}
),

latest_days as (
    select
        topic_messages.store_id,
        max(topic_messages.day) as day
    from topic_messages
    group by topic_messages.store_id
),

sums as (
    select
        topic_messages.store_id,
        topic_messages.topic_id,
        count(*) as messages,
        count(*) filter (where topic_messages.kind = 'review') as reviews,
        count(distinct topic_messages.customer_key) as customers,
        count(*) filter (
            where topic_messages.day > latest_days.day - 7
        ) as messages_last_7_days,
        count(*) filter (
            where
            topic_messages.day <= latest_days.day - 7
            and topic_messages.day > latest_days.day - 14
        ) as messages_previous_7_days,
        min(topic_messages.day) as first_day,
        max(topic_messages.day) as last_day,
        round(
            100.0
            * count(*) filter (where topic_messages.urgency = 'high')
            / nullif(
                count(*) filter (where topic_messages.urgency <> 'unlabelled'),
                0
            ),
            1
        ) as urgent_share,
        round(
            100.0
            * count(*) filter (where topic_messages.sentiment = 'negative')
            / nullif(
                count(*) filter (
                    where
                    topic_messages.sentiment in (
                        'positive', 'neutral', 'negative'
                    )
                ),
                0
            ),
            1
        ) as negative_share,
        array_agg(
            topic_messages.example
            order by topic_messages.example_position
        ) filter (where topic_messages.example is not null) as examples
    from topic_messages
    inner join latest_days on topic_messages.store_id = latest_days.store_id
    where topic_messages.topic_id is not null
    group by topic_messages.store_id, topic_messages.topic_id
),

episodes as (
    select distinct
        topic_messages.store_id,
        topic_messages.topic_id,
        topic_messages.episode_id,
        topic_messages.is_satisfied
    from topic_messages
    where
        topic_messages.topic_id is not null
        and topic_messages.episode_id is not null
),

satisfaction as (
    select
        episodes.store_id,
        episodes.topic_id,
        round(
            100.0 * count(*) filter (where episodes.is_satisfied)
            / nullif(
                count(*) filter (where episodes.is_satisfied is not null), 0
            ),
            1
        ) as satisfied_share
    from episodes
    group by episodes.store_id, episodes.topic_id
),

-- the latest report, while it is one of the last two weeks
growth as (
    select distinct on (topic_growth.store_id, topic_growth.topic_id)
        topic_growth.store_id,
        topic_growth.topic_id,
        topic_growth.kind,
        topic_growth.last_day,
        topic_growth.messages,
        topic_growth.expected
    from topic_growth
    inner join latest_days on topic_growth.store_id = latest_days.store_id
    where topic_growth.last_day > latest_days.day - 14
    order by
        topic_growth.store_id asc,
        topic_growth.topic_id asc,
        topic_growth.last_day desc
),

final as (
    select
        topics.store_id,
        topics.topic_id,
        topics.name_id,
        topics.name_en,
        topics.name,
        topics.language,
        topics.is_renamed,
        topics.is_muted,
        topics.found_at,
        topics.vanished_at,
        coalesce(sums.messages, 0) as messages,
        coalesce(sums.reviews, 0) as reviews,
        coalesce(sums.customers, 0) as customers,
        coalesce(sums.messages_last_7_days, 0) as messages_last_7_days,
        coalesce(sums.messages_previous_7_days, 0) as messages_previous_7_days,
        sums.first_day,
        sums.last_day,
        sums.urgent_share,
        sums.negative_share,
        satisfaction.satisfied_share,
        coalesce(sums.examples, '{}') as examples,
        growth.kind as growth,
        growth.last_day as growth_last_day,
        growth.messages as growth_messages,
        growth.expected as growth_expected
    from topics
    left join sums
        on
            topics.store_id = sums.store_id
            and topics.topic_id = sums.topic_id
    left join satisfaction
        on
            topics.store_id = satisfaction.store_id
            and topics.topic_id = satisfaction.topic_id
    left join growth
        on
            topics.store_id = growth.store_id
            and topics.topic_id = growth.topic_id
)

select * from final
