with clicks as (
    select
        count(*) as clicks,
        count(*) filter (where fct_button_clicks.is_conversation)
            as conversations,
        count(*) filter (where fct_button_clicks.is_order) as orders
    from marts.fct_button_clicks
    where
        fct_button_clicks.store_id = %(store)s
        and fct_button_clicks.day between %(from_day)s and %(to_day)s
)

select
    steps.series,
    steps.value
from clicks
cross join lateral (
    values
    ('clicks', clicks.clicks),
    ('conversations', clicks.conversations),
    ('orders', clicks.orders)
) as steps (series, value)
where clicks.clicks > 0
