{{
    config(
        materialized="incremental",
        incremental_strategy="replace_customers",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
            {"columns": ["store_id", "day"]},
        ],
    )
}}
-- depends_on: {{ ref('int_changed_customers') }}

with recomputed_ratings as (
    select * from {{ ref('int_recomputed_ratings') }}
)

select * from recomputed_ratings
