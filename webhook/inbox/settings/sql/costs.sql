select
    cost_assumptions.valid_from,
    cost_assumptions.cost_before,
    cost_assumptions.cost_now,
    cost_assumptions.minutes_per_conversation::float8
        as minutes_per_conversation,
    cost_assumptions.agent_cost_per_hour,
    cost_assumptions.bot_cost_per_month,
    cost_assumptions.investment
from app.cost_assumptions
where cost_assumptions.store_id = %(store_id)s
order by cost_assumptions.valid_from desc
