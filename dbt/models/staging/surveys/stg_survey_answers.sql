with source as (
    select * from {{ source('raw', 'survey_answers') }}
),

renamed as (
    select
        source.store_id,
        source.wave,
        source.respondent,
        source.item,
        source.dimension,
        source.performance::integer as performance,
        source.expectation::integer as expectation,
        source.answered_at,
        source.changed_at
    from source
)

select * from renamed
