with incidents as (
    select * from {{ source('quality', 'incidents') }}
),

final as (
    select
        incidents.incident_id,
        incidents.kind,
        incidents.subject,
        incidents.store_id,
        incidents.opened_at,
        incidents.closed_at
    from incidents
)

select * from final
