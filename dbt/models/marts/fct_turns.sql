{{
    config(
        materialized="incremental",
        incremental_strategy="replace_customers",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
            {
                "columns": [
                    "store_id", "day", "channel", "author", "is_first_response",
                    "is_answered", "bucket", "response_seconds"
                ]
            },
        ],
        post_hook="grant select (
            episode_id, started_at, response_seconds, open_until
        ) on {{ this }} to scorer",
    )
}}
-- The index by day holds all that dashboards take medians of.
-- depends_on: {{ ref('int_changed_customers') }}

with recomputed_turns as (
    select * from {{ ref('int_recomputed_turns') }}
)

select * from recomputed_turns
