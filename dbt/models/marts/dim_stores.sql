{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="store_id",
        on_schema_change="fail",
    )
}}

with stores as (
    select * from {{ ref('int_stores') }}
)

select * from stores
