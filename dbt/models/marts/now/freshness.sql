{{ config(post_hook="grant select on {{ this }} to validator") }}
-- the role validator alerts people about stale data

{# All sources with `freshness:`, by name, as lineage knows no others. -#}
{% set sources = [
    ("raw", "twilio_messages"),
    ("raw", "chatbot_events"),
    ("app", "woocommerce_syncs"),
    ("app", "twilio_syncs"),
    ("quality", "current_verdict"),
    ("quality", "current_reconciliations"),
] -%}

with stores as (
    select * from {{ ref('stg_stores') }}
),

connected as ( -- noqa: ST03
    select * from {{ source("app", "woocommerce_syncs") }}
),

builds as (
    select * from {{ source('intermediate', 'builds') }}
),

-- marts are as old as the last build that succeeded
last_build as (
    select max(builds.finished_at) as newest_at
    from builds
),

marts as (
    select
        listed.name,
        listed.is_of_shop,
        listed.expected_seconds,
        listed.late_seconds
    from (
        values
        {% for mart in marts_with_freshness() -%}
        (
            '{{ mart.name }}',
            {{ "store" in mart.tags }},
            {{ seconds_of(mart.config.meta.freshness.warn_after) }},
            {{ seconds_of(mart.config.meta.freshness.error_after) }}
        ),
        {% endfor -%}
        -- ends the list, which is empty while dbt parses the project
        (null, null, null, null)
    ) as listed (name, is_of_shop, expected_seconds, late_seconds)
    where listed.name is not null
),

known as (
    select
        'mart' as kind,
        marts.name,
        null as store_id,
        -- marts of sales are built once a shop is connected
        case
            when
                not marts.is_of_shop
                or exists (
                    select 1 from stores
                    where stores.connected_at is not null
                )
                then last_build.newest_at
        end as newest_at,
        marts.expected_seconds,
        marts.late_seconds
    from marts
    cross join last_build
    {% for source_name, name in sources -%}
    {% set relation = source(source_name, name) -%}
    {% set declared = declared_source(source_name, name) -%}
    {% if declared -%}
    {% set meta = declared.config.meta -%}

    union all

    select
        'source' as kind,
        '{{ source_name }}.{{ name }}' as name,
        {{ meta.store_column or "null" }} as store_id,
        max({{ meta.loaded_at_field or declared.loaded_at_field }})
            as newest_at,
        {{ seconds_of(declared.freshness.warn_after) }} as expected_seconds,
        {{ seconds_of(declared.freshness.error_after) }} as late_seconds
    from {{ relation }}
    {%- if meta.store_column %}
    -- nobody waits for a shop that has disconnected
    where
        {{ meta.store_column }} in (
            select connected.store_id from connected
        )
    group by {{ meta.store_column }}
    {%- endif %}
    {%- endif %}
    {% endfor %}
),

ages as (
    select
        known.*,
        {{ seconds_between('known.newest_at', 'now()') }} as age_seconds
    from known
),

final as (
    select
        ages.kind,
        ages.name,
        ages.store_id,
        ages.newest_at,
        ages.age_seconds,
        ages.expected_seconds,
        ages.late_seconds,
        case
            when ages.age_seconds is null then 'never'
            when ages.age_seconds <= ages.expected_seconds then 'fresh'
            when ages.age_seconds <= ages.late_seconds then 'late'
            else 'stale'
        end as status
    from ages
)

select * from final
