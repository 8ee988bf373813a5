-- What lands is counted at once.
select
    kpi_now.metric,
    kpi_now.dimension_value,
    kpi_now.value
from marts.kpi_now
where
    kpi_now.store_id = %(store)s
    and kpi_now.metric in (
        'message_volume', 'conversations_open', 'conversations_waiting'
    )
