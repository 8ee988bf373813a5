-- What takes longer to find, and moves slowly.
select
    kpi_now.metric,
    kpi_now.value
from marts.kpi_now
where
    kpi_now.store_id = %(store)s
    and kpi_now.metric in ('first_response_time_median', 'longest_wait')
