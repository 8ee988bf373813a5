with source as (
    select * from {{ source('app', 'survey_waves') }}
),

renamed as (
    select
        source.store_id,
        source.wave,
        source.title_id,
        source.title_en,
        app.survey_state(source.state, source.closes_at, {{ as_of() }})
            as state,
        source.opened_at,
        source.closes_on,
        case
            when
                source.state = 'open' and source.closes_at <= {{ as_of() }}
                then source.closes_at
            else source.closed_at
        end as closed_at
    from source
)

select * from renamed
