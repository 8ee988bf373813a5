-- A period's median is taken from its turns: daily medians do not add up.
select
    null::numeric as numerator,
    count(*) as denominator,
    percentile_cont(0.5) within group (
        order by fct_turns.response_seconds
    ) as value,
    (
        select bool_and(kpi_daily.is_final)
        from marts.kpi_daily
        where
            kpi_daily.store_id = %(store)s
            and kpi_daily.day between %(from_day)s and %(to_day)s
            and kpi_daily.metric = 'first_response_time_median'
            and kpi_daily.dimension
            = case %(channel)s when 'all' then 'all' else 'channel' end
            and kpi_daily.dimension_value = %(channel)s
    ) as is_final
from marts.fct_turns
where
    fct_turns.store_id = %(store)s
    and fct_turns.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_turns.channel)
    and (
        'all' = all(array[%(issue)s, %(message_language)s])
        or exists (
            select from marts.fct_messages
            where
                fct_messages.customer_key = fct_turns.customer_key
                and fct_messages.episode_id = fct_turns.episode_id
                and fct_messages.author = 'customer'
                and %(issue)s in ('all', fct_messages.issue)
                and %(message_language)s in ('all', fct_messages.language)
        )
    )
    and fct_turns.is_answered
    and fct_turns.is_first_response
