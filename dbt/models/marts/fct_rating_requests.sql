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

with recomputed_rating_requests as (
    select * from {{ ref('int_recomputed_rating_requests') }}
)

select * from recomputed_rating_requests
