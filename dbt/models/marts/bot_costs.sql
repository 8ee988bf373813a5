{#
    A view, so that changed assumptions show without a build. It reads only
    models that builds change in place.
#}
{{ config(materialized="view") }}

with cost_assumptions as (
    select * from {{ ref('stg_cost_assumptions') }}
),

episodes as (
    select * from {{ ref('int_episodes') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

store_freshness as (
    select * from {{ ref('int_store_freshness') }}
),

work as (
    select
        episodes.store_id,
        episodes.month,
        count(*) filter (
            where episodes.is_ended and episodes.is_bot_success
        ) as bot_conversations,
        count(*) filter (
            where episodes.is_ended and episodes.agent_messages > 0
        ) as agent_conversations,
        max(episodes.ended_at) as ended_after,
        max(episodes.ratable_until) as ratable_after
    from episodes
    where
        episodes.has_customer_message
        -- shops that state no costs need no work counted
        and episodes.store_id in (
            select cost_assumptions.store_id from cost_assumptions
        )
    group by episodes.store_id, episodes.month
),

whole_months as (
    select
        work.*,
        (work.month + interval '1 month') at time zone stores.timezone
            as month_ends_at
    from work
    inner join stores on work.store_id = stores.store_id
    inner join store_freshness on work.store_id = store_freshness.store_id
    where
        (work.month + interval '1 month') at time zone stores.timezone
        <= store_freshness.as_of
),

assumed as (
    select distinct on (whole_months.store_id, whole_months.month)
        whole_months.*,
        cost_assumptions.cost_before as stated_cost_before,
        cost_assumptions.cost_now as stated_cost_now,
        cost_assumptions.agent_cost_per_hour,
        cost_assumptions.bot_cost_per_month,
        cost_assumptions.investment,
        whole_months.bot_conversations
        * cost_assumptions.minutes_per_conversation as minutes_saved,
        whole_months.agent_conversations
        * cost_assumptions.minutes_per_conversation as agent_minutes
    from whole_months
    inner join cost_assumptions
        on
            whole_months.store_id = cost_assumptions.store_id
            and whole_months.month >= cost_assumptions.valid_from
    order by
        whole_months.store_id asc,
        whole_months.month asc,
        cost_assumptions.valid_from desc
),

costs as (
    select
        assumed.*,
        coalesce(
            assumed.stated_cost_before,
            trim_scale(
                (assumed.minutes_saved + assumed.agent_minutes)
                * assumed.agent_cost_per_hour / 60
            )
        ) as cost_before,
        coalesce(
            assumed.stated_cost_now,
            trim_scale(
                assumed.agent_minutes * assumed.agent_cost_per_hour / 60
                + assumed.bot_cost_per_month
            )
        ) as cost_now
    from assumed
),

final as (
    select
        costs.store_id,
        costs.month,
        costs.bot_conversations,
        costs.agent_conversations,
        costs.minutes_saved,
        costs.agent_minutes,
        costs.cost_before,
        costs.cost_now,
        costs.stated_cost_before is not null as is_cost_before_stated,
        costs.stated_cost_now is not null as is_cost_now_stated,
        costs.cost_before - costs.cost_now as saving,
        costs.investment,
        greatest(
            costs.month_ends_at, costs.ended_after, costs.ratable_after
        ) as final_after
    from costs
    where costs.cost_before is not null and costs.cost_now is not null
)

select * from final
