{% set kpis = kpi_definitions() -%}
{# int_satisfaction_kpis computes this one. -#}
{% do kpis.pop('predicted_satisfaction_rate') -%}
{% set reopen_until = "max(episodes.ended_at) + " ~ days(var('reopen_days')) -%}

with episodes as (
    select * from {{ ref('int_episodes') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

-- An episode without a customer's message counts once the customer writes.
-- Until it ends it only keeps the figures of its day from being final.
final as (
    {{ kpi_rows(
        kpis,
        'episodes',
        counted='episodes.has_customer_message',
        final_after={
            'ended': 'max(episodes.ended_at)',
            'ratable': 'max(episodes.ended_at), max(episodes.ratable_until)',
            'reopen': reopen_until,
            'durable': reopen_until ~ ', max(episodes.ratable_until) filter (
                where episodes.has_customer_message or not episodes.is_ended
            )',
        },
    ) }}
)

select * from final
