-- What follows from the costs for the newest month that has any.
select
    bot_costs.month,
    bot_costs.bot_conversations,
    bot_costs.agent_conversations,
    bot_costs.minutes_saved,
    bot_costs.agent_minutes,
    bot_costs.cost_before,
    bot_costs.cost_now,
    bot_costs.is_cost_before_stated,
    bot_costs.is_cost_now_stated,
    bot_costs.saving,
    100 * bot_costs.saving / nullif(bot_costs.cost_before, 0) as saving_rate,
    bot_costs.investment,
    case
        when bot_costs.saving > 0 then bot_costs.investment / bot_costs.saving
    end as payback_months
from marts.bot_costs
where bot_costs.store_id = %(store_id)s
order by bot_costs.month desc
limit 1
