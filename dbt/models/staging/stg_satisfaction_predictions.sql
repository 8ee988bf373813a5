with source as (
    select * from {{ source('ml', 'satisfaction_predictions') }}
),

renamed as (
    select
        source.episode_id,
        source.satisfied as is_satisfied
    from source
)

select * from renamed
