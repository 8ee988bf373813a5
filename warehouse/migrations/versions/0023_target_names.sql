-- A shop that has the target under both names aims at the newer one.
insert into app.kpi_targets as kpi_targets (store, metric, target)
select
    older.store,
    'first_response_on_time_rate' as metric,
    older.target
from app.kpi_targets as older
where older.metric = 'first_response_time'
on conflict (store, metric) do nothing;

delete from app.kpi_targets
where metric = 'first_response_time';
