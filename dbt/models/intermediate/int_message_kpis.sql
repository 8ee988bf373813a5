{% set kpis = kpi_definitions() -%}

with messages as not materialized (
    select * from {{ ref('fct_messages') }}
),

customer_messages as not materialized (
    select messages.*
    from messages
    where messages.author = 'customer'
),

episodes as (
    select * from {{ ref('int_episodes') }}
),

periods as not materialized (
    select * from {{ ref('int_periods') }}
),

-- until when customers can still write in the period's episodes
episodes_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        {{ dimension_of('episodes', ['channel']) }},
        max(episodes.ended_at) as ended_after
    from periods
    inner join episodes on {{ lies_in_period('episodes') }}
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        grouping sets ((), (episodes.channel))
),

messages_kpis as (
    {{ kpi_rows(kpis, 'messages') }}
),

customer_messages_kpis as (
    {{ kpi_rows(
        kpis,
        'customer_messages',
        day='episode_day',
        final_after={"ended": "periods.ends_at"},
    ) }}
),

final as (
    select * from messages_kpis

    union all

    select
        customer_messages_kpis.store_id,
        customer_messages_kpis.period,
        customer_messages_kpis.first_day,
        customer_messages_kpis.metric,
        customer_messages_kpis.dimension,
        customer_messages_kpis.dimension_value,
        customer_messages_kpis.unit,
        customer_messages_kpis.numerator,
        customer_messages_kpis.denominator,
        customer_messages_kpis.value,
        greatest(
            customer_messages_kpis.final_after, episodes_summary.ended_after
        ) as final_after
    from customer_messages_kpis
    left join episodes_summary
        on
            customer_messages_kpis.store_id = episodes_summary.store_id
            and customer_messages_kpis.period = episodes_summary.period
            and customer_messages_kpis.first_day = episodes_summary.first_day
            and customer_messages_kpis.dimension = episodes_summary.dimension
            and customer_messages_kpis.dimension_value
            = episodes_summary.dimension_value
)

select * from final
