-- What the made-up shop has set: its name, zone and currency, when its people
-- answer, and what answering costs.
insert into app.stores (store_id, name, timezone, currency)
values (%(store)s, 'Toko Selasar', %(timezone)s, 'IDR')
on conflict (store_id) do nothing;

insert into app.business_hours (store, weekday, opens, closes)
select
    %(store)s as shop,
    open_days.weekday,
    %(opens)s as opening,
    %(closes)s as closing
from generate_series(1, 6) as open_days (weekday)
on conflict (store, weekday, opens) do nothing;

insert into app.cost_assumptions (
    store_id, valid_from, agent_cost_per_hour, minutes_per_conversation,
    bot_cost_per_month, investment
)
values (%(store)s, '2020-01-01', 25000, 8, 300000, 2000000)
on conflict (store_id, valid_from) do nothing;
