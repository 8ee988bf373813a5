-- Messages and reviews of the chosen period, and of the one before.
with growth as materialized (
    select
        topics.name,
        max(topics.growth) as growth
    from marts.topics
    where topics.store_id = %(store)s
    group by topics.name
),

topic_messages as (
    select
        fct_topic_messages.topic_name as name,
        fct_topic_messages.customer_key,
        fct_topic_messages.episode_id,
        fct_topic_messages.urgency,
        fct_topic_messages.kind,
        fct_topic_messages.sentiment,
        fct_topic_messages.is_satisfied,
        fct_topic_messages.day >= %(from_day)s as is_now
    from marts.fct_topic_messages
    where
        fct_topic_messages.store_id = %(store)s
        and fct_topic_messages.topic_name is not null
        and fct_topic_messages.day between
        %(from_day)s - (%(to_day)s - %(from_day)s + 1) and %(to_day)s
        and %(channel)s in ('all', fct_topic_messages.channel)
)

select
    topic_messages.name as topic,
    count(*) filter (where topic_messages.is_now) as messages,
    100.0 * count(*) filter (where topic_messages.is_now)
    / nullif(count(*) filter (where not topic_messages.is_now), 0)
    - 100 as change,
    count(distinct topic_messages.customer_key)
    filter (where topic_messages.is_now) as customers,
    100.0 * count(*) filter (
        where topic_messages.is_now and topic_messages.urgency = 'high'
    )
    / nullif(
        count(*) filter (
            where topic_messages.is_now and topic_messages.kind = 'message'
        ),
        0
    ) as urgent,
    100.0 * count(*) filter (
        where topic_messages.is_now and topic_messages.sentiment = 'positive'
    )
    / nullif(
        count(*) filter (
            where
            topic_messages.is_now and topic_messages.sentiment != 'unscored'
        ),
        0
    ) as positive,
    100.0 * count(*) filter (
        where topic_messages.is_now and topic_messages.sentiment = 'negative'
    )
    / nullif(
        count(*) filter (
            where
            topic_messages.is_now and topic_messages.sentiment != 'unscored'
        ),
        0
    ) as negative,
    100.0 * count(distinct topic_messages.episode_id) filter (
        where topic_messages.is_now and topic_messages.is_satisfied
    )
    / nullif(
        count(distinct topic_messages.episode_id) filter (
            where
            topic_messages.is_now
            and topic_messages.is_satisfied is not null
        ),
        0
    ) as satisfied,
    max(growth.growth) as trend
from topic_messages
left join growth on topic_messages.name = growth.name
group by topic_messages.name
having count(*) filter (where topic_messages.is_now) > 0
order by messages desc, topic asc
