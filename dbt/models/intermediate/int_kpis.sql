{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_all_rows() }}",
        on_schema_change="fail",
        indexes=[{
            "columns": [
                "store_id",
                "period",
                "first_day",
                "metric",
                "dimension",
                "dimension_value",
            ],
            "unique": true,
        }],
    )
}}

with kpis as (
    {%- for kpis in [
        "int_message_kpis",
        "int_turn_kpis",
        "int_episode_kpis",
        "int_rating_kpis",
        "int_sentiment_kpis",
    ] %}
    select * from {{ ref(kpis) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        kpis.store_id,
        kpis.period,
        kpis.first_day,
        kpis.metric,
        kpis.dimension,
        kpis.dimension_value,
        kpis.unit,
        kpis.numerator,
        kpis.denominator,
        kpis.value,
        -- Open turns and requests may still get any author or bucket; their
        -- channel is known.
        case
            when kpis.dimension = 'channel' then kpis.final_after
            else max(kpis.final_after) over (
                partition by
                    kpis.store_id, kpis.period, kpis.first_day, kpis.metric
            )
        end as final_after
    from kpis
)

select * from final
