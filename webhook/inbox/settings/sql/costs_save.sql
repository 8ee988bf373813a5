insert into app.cost_assumptions as cost_assumptions (
    store_id,
    valid_from,
    cost_before,
    cost_now,
    minutes_per_conversation,
    agent_cost_per_hour,
    bot_cost_per_month,
    investment
)
values (
    %(store_id)s,
    %(valid_from)s,
    %(cost_before)s,
    %(cost_now)s,
    %(minutes_per_conversation)s,
    %(agent_cost_per_hour)s,
    %(bot_cost_per_month)s,
    %(investment)s
)
on conflict (store_id, valid_from) do update set
    cost_before = excluded.cost_before,
    cost_now = excluded.cost_now,
    minutes_per_conversation = excluded.minutes_per_conversation,
    agent_cost_per_hour = excluded.agent_cost_per_hour,
    bot_cost_per_month = excluded.bot_cost_per_month,
    investment = excluded.investment,
    updated_at = now()
