insert into app.kpi_targets as kpi_targets (store, metric, target)
values (%(store_id)s, %(metric)s, %(target)s)
on conflict (store, metric) do update set target = excluded.target
