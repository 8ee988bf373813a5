with source as (
    select * from {{ source('app', 'conversation_states') }}
),

renamed as (
    select
        source.store_id,
        source.channel,
        source.customer_key as landed_key,
        source.state,
        source.state_at,
        source.last_message_at,
        source.last_inbound_at as last_question_at,
        source.last_reply_at,
        source.snoozed_until
    from source
    -- tests, in which an admin writes as a customer, count nowhere
    where source.channel <> 'kabar_test'
)

select * from renamed
