{% set kpis = kpi_definitions() -%}
{% set came_back = "max(episodes.ended_at) + " ~ days(var('again_days')) -%}

with episodes as (
    select * from {{ ref('int_episodes') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

-- An episode in which the customer has not written yet counts once they do,
-- so it is looked at for when the figures are final, and for nothing else. One
-- that ended before they wrote will never count.
final as (
    {{ kpi_rows(
        kpis,
        'episodes',
        counted='episodes.has_customer_message',
        final_after={
            'ended': 'max(episodes.ended_at)',
            'ratable': 'max(episodes.ended_at), max(episodes.ratable_until)',
            'again': came_back,
            'durable': came_back ~ ', max(episodes.ratable_until) filter (
                where episodes.has_customer_message or not episodes.is_ended
            )',
        },
    ) }}
)

select * from final
