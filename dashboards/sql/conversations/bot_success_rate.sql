-- The KPI stands under one dimension at a time: with an issue or a language the
-- figure is taken from the conversations in which a customer wrote so.
with kpi as (
    select
        sum(kpi_daily.numerator) as numerator,
        sum(kpi_daily.denominator) as denominator,
        bool_and(kpi_daily.is_final) as is_final
    from marts.kpi_daily
    where
        kpi_daily.store_id = %(store)s
        and kpi_daily.day between %(from_day)s and %(to_day)s
        and kpi_daily.metric = 'bot_success_rate'
        and kpi_daily.dimension
        = case %(channel)s when 'all' then 'all' else 'channel' end
        and kpi_daily.dimension_value = %(channel)s
),

narrowed as (
    select
        count(*) filter (where fct_episodes.is_bot_success) as numerator,
        nullif(count(*), 0) as denominator
    from marts.fct_episodes
    where
        'all' <> any(array[%(issue)s, %(message_language)s])
        and fct_episodes.store_id = %(store)s
        and fct_episodes.day between %(from_day)s and %(to_day)s
        and %(channel)s in ('all', fct_episodes.channel)
        and fct_episodes.is_ended
        and fct_episodes.is_bot_answered
        and exists (
            select from marts.fct_messages
            where
                fct_messages.customer_key = fct_episodes.customer_key
                and fct_messages.episode_id = fct_episodes.episode_id
                and fct_messages.author = 'customer'
                and %(issue)s in ('all', fct_messages.issue)
                and %(message_language)s in ('all', fct_messages.language)
        )
),

figures as (
    select
        kpi.is_final,
        case
            when 'all' = all(array[%(issue)s, %(message_language)s])
                then kpi.numerator
            else narrowed.numerator
        end as numerator,
        case
            when 'all' = all(array[%(issue)s, %(message_language)s])
                then kpi.denominator
            else narrowed.denominator
        end as denominator
    from kpi
    cross join narrowed
)

select
    figures.numerator,
    figures.denominator,
    100 * figures.numerator / figures.denominator as value,
    figures.is_final
from figures
