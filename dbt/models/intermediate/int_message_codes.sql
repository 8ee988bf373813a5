{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="message_id",
        on_schema_change="fail",
    )
}}

with twilio_messages as not materialized (
    select * from {{ ref('stg_twilio_messages') }}
),

final as (
    select
        twilio_messages.message_id,
        twilio_messages.store_id,
        twilio_messages.click_code,
        twilio_messages.occurred_at
    from twilio_messages
    where
        twilio_messages.direction = 'inbound'
        and twilio_messages.landed_at >= {{ changed_since() }}
        and twilio_messages.click_code is not null
)

select * from final
