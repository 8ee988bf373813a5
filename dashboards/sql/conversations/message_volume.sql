-- From the messages, since the KPI stands under one dimension at a time.
with volumes as (
    select
        fct_messages.day,
        fct_messages.author,
        count(*) as messages
    from marts.fct_messages
    where
        fct_messages.store_id = %(store)s
        and fct_messages.day between %(from_day)s and %(to_day)s
        and %(channel)s in ('all', fct_messages.channel)
    group by fct_messages.day, fct_messages.author
)

select
    volumes.day,
    volumes.author as series,
    volumes.messages as value,
    kpi_daily.is_final
from volumes
inner join marts.kpi_daily on volumes.day = kpi_daily.day
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.day between %(from_day)s and %(to_day)s
    and kpi_daily.metric = 'message_volume'
    and kpi_daily.dimension
    = case %(channel)s when 'all' then 'all' else 'channel' end
    and kpi_daily.dimension_value = %(channel)s
order by volumes.day, volumes.author
