with source as (
    select * from {{ source('app', 'cost_assumptions') }}
),

renamed as (
    select
        source.store_id,
        source.valid_from,
        source.cost_before,
        source.cost_now,
        source.agent_cost_per_hour,
        source.minutes_per_conversation,
        source.bot_cost_per_month,
        source.investment
    from source
)

select * from renamed
