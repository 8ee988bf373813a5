{#
    Every build computes all rows. It replaces the rows and not the table, so that
    the views on it stay.
#}
{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_all_rows() }}",
        on_schema_change="fail",
        indexes=[{"columns": ["store_id", "day"]}],
        post_hook="analyze {{ this }}",
    )
}}

with topic_messages as (
    select * from {{ ref('stg_topic_messages') }}
),

messages as (
    select * from {{ ref('fct_messages') }}
),

episodes as (
    select * from {{ ref('fct_episodes') }}
),

reviews as (
    select * from {{ ref('fct_reviews') }}
),

written as (
    select
        'message' as kind,
        messages.store_id,
        messages.source,
        messages.message_id,
        messages.occurred_at,
        messages.day,
        messages.channel,
        messages.customer_key,
        messages.episode_id,
        messages.issue,
        messages.urgency,
        messages.language,
        messages.sentiment,
        null::integer as rating,
        case
            when episodes.lowest_rating is not null
                then episodes.lowest_rating >= 4
            else episodes.is_predicted_satisfied
        end as is_satisfied
    from messages
    left join episodes
        on messages.episode_id = episodes.episode_id
    where messages.author = 'customer'

    union all

    select
        'review' as kind,
        reviews.store_id,
        reviews.source,
        reviews.review_id as message_id,
        reviews.written_at as occurred_at,
        reviews.day,
        null as channel,
        null as customer_key,
        null as episode_id,
        null as issue,
        null as urgency,
        reviews.language,
        reviews.sentiment,
        reviews.rating,
        null as is_satisfied
    from reviews
),

final as (
    select
        topic_messages.kind,
        topic_messages.source,
        topic_messages.message_id,
        topic_messages.store_id,
        topic_messages.topic_id,
        written.occurred_at,
        written.day,
        date_trunc('week', written.day)::date as week,
        written.channel,
        written.customer_key,
        written.episode_id,
        written.issue,
        written.urgency,
        written.language,
        written.sentiment,
        written.rating,
        written.is_satisfied,
        topic_messages.example_position,
        topic_messages.example
    from topic_messages
    inner join written
        on
            topic_messages.kind = written.kind
            and topic_messages.source = written.source
            and topic_messages.message_id = written.message_id
            and topic_messages.store_id = written.store_id
)

select * from final
