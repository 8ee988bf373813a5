-- Today so far and at this moment, as the strip above the cards shows it.
select
    kpi_now.metric,
    kpi_now.dimension_value,
    kpi_now.value
from marts.kpi_now
where
    kpi_now.store_id = %(store)s
    and kpi_now.metric in (
        'message_volume', 'first_response_time_median', 'conversations_open',
        'conversations_waiting', 'longest_wait'
    )
