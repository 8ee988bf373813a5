select
    max(kpi_now.value)
    filter (where kpi_now.metric = 'message_volume') as messages,
    max(kpi_now.value)
    filter (where kpi_now.metric = 'first_response_time_median')
        as first_response,
    max(kpi_now.value)
    filter (where kpi_now.metric = 'conversations_open') as open,
    max(kpi_now.value)
    filter (where kpi_now.metric = 'conversations_waiting') as waiting,
    max(kpi_now.value)
    filter (where kpi_now.metric = 'longest_wait') as longest_wait
from marts.kpi_now
where kpi_now.store_id = %(store)s and kpi_now.dimension = 'all'
