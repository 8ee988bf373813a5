-- What waits for conversations to end, or for a week after them, is judged then.
select
    coalesce(dim_stores.store_name, dim_stores.store_id) as store,
    kpi_targets.compared_metric as metric,
    to_char(kpi_daily.day, 'YYYY-MM-DD') as day,
    kpi_daily.value,
    kpi_targets.target,
    kpi_daily.unit
from marts.kpi_targets
inner join marts.dim_stores on kpi_targets.store_id = dim_stores.store_id
inner join
    marts.kpi_daily
    on
        kpi_targets.store_id = kpi_daily.store_id
        and kpi_targets.compared_metric = kpi_daily.metric
where
    kpi_daily.day
    = cast(now() at time zone dim_stores.timezone as date)
    - kpi_targets.days_ago
    and kpi_daily.dimension = 'all'
    and case kpi_targets.better
        when 'higher' then kpi_daily.value < kpi_targets.target
        else kpi_daily.value > kpi_targets.target
    end
order by store, metric
