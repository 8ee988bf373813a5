{{ config(materialized="view") }}

with insights as (
    select * from {{ source('ml', 'insights') }}
),

final as (
    select distinct on (
        insights.store_id, insights.dashboard, insights.language
    )
        insights.store_id,
        insights.dashboard,
        insights.language,
        insights.first_day,
        insights.last_day,
        insights.text,
        insights.figures,
        insights.worded_by,
        insights.prompt_version,
        insights.written_at
    from insights
    order by
        insights.store_id asc,
        insights.dashboard asc,
        insights.language asc,
        insights.written_at desc,
        insights.last_day desc
)

select * from final
