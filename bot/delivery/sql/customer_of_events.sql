select chatbot_events.payload -> 'customer' as customer
from raw.chatbot_events
where
    chatbot_events.store_id = %(store_id)s
    and chatbot_events.channel = %(channel)s
    and chatbot_events.customer_key = %(customer_key)s
    and chatbot_events.author = 'customer'
order by chatbot_events.occurred_at desc
limit 1
