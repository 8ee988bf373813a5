{{
    config(
        materialized="incremental",
        incremental_strategy="replace_customers",
        on_schema_change="fail",
        indexes=[
            {"columns": ["episode_id"], "unique": true},
            {"columns": ["customer_key"]},
            {"columns": ["store_id", "day"]},
        ],
    )
}}
-- depends_on: {{ ref('int_changed_customers') }}

with recomputed_episodes as (
    select * from {{ ref('int_recomputed_episodes') }}
)

select * from recomputed_episodes
