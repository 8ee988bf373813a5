-- One CTE per metric, without a filter of its own and not materialized, so that
-- a query for one metric neither computes nor plans the others.
with volumes as (
    select * from {{ ref('int_volume_now') }}
),

responses as not materialized (
    select * from {{ ref('int_responses_now') }}
),

conversations as not materialized (
    select * from {{ ref('int_conversations_now') }}
),

waits as (
    select * from {{ ref('int_longest_wait') }}
),

message_volume as (
    select
        volumes.store_id,
        'message_volume' as metric,
        volumes.dimension,
        volumes.dimension_value,
        volumes.messages as numerator,
        null::numeric as denominator,
        volumes.messages as value,
        'count' as unit,
        volumes.newest_at as data_as_of
    from volumes
),

response_time_median as (
    select
        responses.store_id,
        'response_time_median' as metric,
        'all' as dimension,
        'all' as dimension_value,
        null::numeric as numerator,
        responses.turns::numeric as denominator,
        responses.median as value,
        'seconds' as unit,
        responses.newest_at as data_as_of
    from responses
),

first_response_time_median as (
    select
        responses.store_id,
        'first_response_time_median' as metric,
        'all' as dimension,
        'all' as dimension_value,
        null::numeric as numerator,
        responses.first_turns::numeric as denominator,
        responses.first_median as value,
        'seconds' as unit,
        responses.newest_at as data_as_of
    from responses
),

conversations_open as (
    select
        conversations.store_id,
        'conversations_open' as metric,
        'all' as dimension,
        'all' as dimension_value,
        conversations.open as numerator,
        null::numeric as denominator,
        conversations.open as value,
        'count' as unit,
        conversations.newest_at as data_as_of
    from conversations
),

conversations_waiting as (
    select
        conversations.store_id,
        'conversations_waiting' as metric,
        'all' as dimension,
        'all' as dimension_value,
        conversations.waiting as numerator,
        null::numeric as denominator,
        conversations.waiting as value,
        'count' as unit,
        conversations.newest_at as data_as_of
    from conversations
),

longest_wait as (
    select
        waits.store_id,
        'longest_wait' as metric,
        'all' as dimension,
        'all' as dimension_value,
        null::numeric as numerator,
        null::numeric as denominator,
        {{ seconds_between('waits.waits_since', 'now()') }} as value,
        'seconds' as unit,
        waits.newest_at as data_as_of
    from waits
),

figures as (
    select * from message_volume
    union all
    select * from response_time_median
    union all
    select * from first_response_time_median
    union all
    select * from conversations_open
    union all
    select * from conversations_waiting
    union all
    select * from longest_wait
),

final as (
    select figures.*
    from figures
    -- a median of no values has no row
    where figures.value is not null
)

select * from final
