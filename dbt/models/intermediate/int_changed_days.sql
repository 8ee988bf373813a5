{#
    The days whose KPIs have to be computed again: those of fact rows that are
    new, gone or different. The facts are read as the last build left them, so
    every fact model waits for this one. Days that a failed build found and did
    not bring to an end stay.
#}
-- noqa: disable=ST03
{{ config(indexes=[{"columns": ["store_id", "day"], "unique": true}]) }}

{% set facts = {
    "int_recomputed_messages": ("marts", "fct_messages"),
    "int_recomputed_turns": ("marts", "fct_turns"),
    "int_recomputed_episodes": ("intermediate", "int_episodes"),
    "int_recomputed_ratings": ("marts", "fct_ratings"),
    "int_recomputed_rating_requests": ("marts", "fct_rating_requests"),
} -%}
{% set pending = as_it_was("intermediate", "int_changed_days") -%}

with changed_customers as (
    select * from {{ ref('int_changed_customers') }}
),
{% for model, fact in facts.items() %}
{% set old = as_it_was(*fact) %}
{{ model }} as (
    select * from {{ ref(model) }}
),

{{ fact[1] }}_days as (
    {%- if old and not redoes_everything() %}
    {%- set columns = adapter.get_columns_in_relation(old)
        | map(attribute="name") | list %}
    {%- set replaced %}
        select old_rows.{{ columns | join(", old_rows.") }}
        from {{ old }} as old_rows
        inner join changed_customers
            on old_rows.customer_key = changed_customers.landed_key
    {%- endset %}
    {%- set replacing %}
        select {{ columns | join(", ") }}
        from {{ model }}
    {%- endset %}
    ({{ replaced }} except {{ replacing }})
    union all
    ({{ replacing }} except {{ replaced }})
    {%- else %}
    select {{ model }}.*
    from {{ model }}
    {%- endif %}
),
{% endfor %}
final as (
    {%- for model, fact in facts.items() %}
    select
        {{ fact[1] }}_days.store_id,
        {{ fact[1] }}_days.day
    from {{ fact[1] }}_days
    {{ "union" if not loop.last }}
    {%- endfor %}

    union

    -- what customers wrote is counted where their episode started
    select
        fct_messages_days.store_id,
        fct_messages_days.episode_day as day
    from fct_messages_days
    where fct_messages_days.episode_day is not null
    {%- if pending and not redoes_everything() %}
    union
    select
        unfinished.store_id,
        unfinished.day
    from {{ pending }} as unfinished
    where not exists (
        select 1
        from {{ builds_relation() }} as builds
        where builds.finished_at >= unfinished.found_at
    )
    {%- endif %}
)

select
    final.store_id,
    final.day,
    now() as found_at
from final
