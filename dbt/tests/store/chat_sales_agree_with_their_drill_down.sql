-- noqa: disable=RF02
-- The predicates are lists of names; the only joins are with names of parts.
{#
    What chats brought a shop, taken once more straight from the facts, day by
    day and month by month, beside the models that store it.
#}
{% set grains = [("day", "kpi_daily"), ("month", "kpi_monthly")] -%}

with episodes as (
    select fct_episodes.*
    from {{ ref('fct_episodes') }} as fct_episodes
    where
        fct_episodes.is_customer_started
        and fct_episodes.store_id in (
            select store_id from {{ ref('dim_stores') }}
            where is_shop_connected
        )
),

buyers as (
    select distinct
        episode_id,
        chat_customer_key
    from {{ ref('fct_chat_orders') }}
    where is_counting
),

chat_orders as (
    select * from {{ ref('fct_chat_orders') }}
    where
        is_counting
        and is_shop_currency
),

drill_down as (
    {%- for grain, _ in grains %}
    select
        '{{ grain }}' as grain,
        episodes.store_id,
        episodes.{{ grain }} as first_day,
        'chat_conversion_rate' as metric,
        parts.dimension,
        parts.dimension_value,
        count(distinct buyers.chat_customer_key) as numerator,
        count(distinct episodes.customer_key) as denominator
    from episodes
    {{ along_dimensions(['channel']) }}
    left join buyers on episodes.episode_id = buyers.episode_id
    group by 2, 3, 5, 6

    union all

    select
        '{{ grain }}' as grain,
        placed.store_id,
        placed.first_day,
        'chat_revenue' as metric,
        placed.dimension,
        placed.dimension_value,
        sum(placed.net) as numerator,
        null as denominator
    from (
        select distinct
            chat_orders.store_id,
            chat_orders.{{ grain }} as first_day,
            parts.dimension,
            parts.dimension_value,
            chat_orders.order_id,
            chat_orders.net
        from chat_orders
        {{ along_dimensions(['channel']) }}
    ) as placed
    group by 2, 3, 5, 6
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

stored as (
    {%- for grain, mart in grains %}
    select
        '{{ grain }}' as grain,
        store_id,
        {{ grain }} as first_day,
        metric,
        dimension,
        dimension_value,
        numerator,
        denominator
    from {{ ref(mart) }}
    where metric in ('chat_conversion_rate', 'chat_revenue')
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

stored_otherwise as (
    select * from stored
    except
    select * from drill_down
),

not_stored as (
    select * from drill_down
    except
    select * from stored
)

select * from stored_otherwise
union all
select * from not_stored
