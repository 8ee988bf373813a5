{{
    config(
        materialized="incremental",
        incremental_strategy="replace_customers",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
            {"columns": ["store_id", "day", "author", "channel", "is_failed", "answered"]},
            {
                "columns": [
                    "store_id", "episode_day", "author", "channel", "issue", "urgency",
                    "language", "episode_id"
                ]
            },
        ],
        post_hook="grant select (
            source, message_id, episode_id, author, occurred_at, is_failed,
            answered, issue
        ) on {{ this }} to scorer",
    )
}}
-- The indexes by day hold all that dashboards count by, so that the messages of
-- a month, scattered over the table, need not be read.
-- depends_on: {{ ref('int_changed_customers') }}

with recomputed_messages as (
    select * from {{ ref('int_recomputed_messages') }}
)

select * from recomputed_messages
