with source as (
    select * from {{ source('raw', 'survey_respondents') }}
),

renamed as (
    select
        source.store_id,
        source.wave,
        source.respondent,
        source.source,
        nullif(btrim(source.gender), '') as gender,
        nullif(btrim(source.age_band), '') as age_band,
        nullif(btrim(source.job), '') as job,
        nullif(btrim(source.customer_since), '') as customer_since
    from source
)

select * from renamed
