-- What the made-up shop has set: its name, zone and currency, and when its
-- people answer.
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
