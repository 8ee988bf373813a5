-- A test holds `better` against the dashboards' definitions. The target of the
-- rate of first responses on time is no rate but the seconds that they may take.
-- What waits for conversations to end, or for a week after them, is judged then.
with kinds (metric, kpi, better, days_ago) as (
    values
    (
        'first_response_on_time_rate',
        'first_response_time_business_median',
        'lower',
        1
    ),
    ('response_time_median', 'response_time_median', 'lower', 1),
    ('first_response_time_median', 'first_response_time_median', 'lower', 1),
    ('csat', 'csat', 'higher', 1),
    ('net_sales', 'net_sales', 'higher', 1),
    ('orders', 'orders', 'higher', 1),
    ('average_order_value', 'average_order_value', 'higher', 1),
    ('new_customers', 'new_customers', 'higher', 1),
    ('unanswered_rate', 'unanswered_rate', 'lower', 9),
    ('handover_rate', 'handover_rate', 'lower', 9),
    ('reopen_rate', 'reopen_rate', 'lower', 9),
    ('bot_success_rate', 'bot_success_rate', 'higher', 9),
    ('bot_durable_success_rate', 'bot_durable_success_rate', 'higher', 9),
    ('chat_conversion_rate', 'chat_conversion_rate', 'higher', 9),
    ('chat_revenue', 'chat_revenue', 'higher', 9)
)

select
    coalesce(dim_stores.store_name, dim_stores.store_id) as store,
    kinds.kpi as metric,
    to_char(kpi_daily.day, 'YYYY-MM-DD') as day,
    kpi_daily.value,
    kpi_targets.target,
    kpi_daily.unit
from marts.kpi_targets
inner join kinds on kpi_targets.metric = kinds.metric
inner join marts.dim_stores on kpi_targets.store_id = dim_stores.store_id
inner join
    marts.kpi_daily
    on
        kpi_targets.store_id = kpi_daily.store_id
        and kinds.kpi = kpi_daily.metric
where
    kpi_daily.day
    = cast(now() at time zone dim_stores.timezone as date) - kinds.days_ago
    and kpi_daily.dimension = 'all'
    and case kinds.better
        when 'higher' then kpi_daily.value < kpi_targets.target
        else kpi_daily.value > kpi_targets.target
    end
order by store, metric
