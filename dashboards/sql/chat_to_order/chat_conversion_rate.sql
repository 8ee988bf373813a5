-- From the facts, since who chats on several days of the period is one customer.
with chatters as (
    select distinct fct_episodes.customer_key
    from marts.fct_episodes
    where
        fct_episodes.store_id = %(store)s
        and fct_episodes.day between %(from_day)s and %(to_day)s
        and fct_episodes.is_customer_started
        and %(channel)s in ('all', fct_episodes.channel)
),

buyers as (
    select distinct fct_chat_orders.chat_customer_key as customer_key
    from marts.fct_chat_orders
    where
        fct_chat_orders.store_id = %(store)s
        and fct_chat_orders.day between %(from_day)s and %(to_day)s
        and fct_chat_orders.is_counting
        and %(channel)s in ('all', fct_chat_orders.channel)
),

final_days as (
    select bool_and(kpi_daily.is_final) as is_final
    from marts.kpi_daily
    where
        kpi_daily.store_id = %(store)s
        and kpi_daily.day between %(from_day)s and %(to_day)s
        and kpi_daily.metric = 'chat_conversion_rate'
        and kpi_daily.dimension
        = case %(channel)s when 'all' then 'all' else 'channel' end
        and kpi_daily.dimension_value = %(channel)s
)

select
    count(buyers.customer_key) as numerator,
    nullif(count(*), 0) as denominator,
    100.0 * count(buyers.customer_key) / nullif(count(*), 0) as value,
    (select final_days.is_final from final_days) as is_final
from chatters
left join buyers on chatters.customer_key = buyers.customer_key
