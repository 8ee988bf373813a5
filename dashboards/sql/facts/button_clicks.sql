select
    fct_button_clicks.click_id,
    fct_button_clicks.clicked_at,
    fct_button_clicks.product_id,
    fct_button_clicks.episode_id,
    fct_button_clicks.order_id,
    fct_button_clicks.is_conversation,
    fct_button_clicks.is_order
from marts.fct_button_clicks
where
    fct_button_clicks.store_id = %(store)s
    and fct_button_clicks.day between %(from_day)s and %(to_day)s
