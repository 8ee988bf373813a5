select
    'message' as kind,
    'twilio' as source,
    messages.message_sid as id,
    messages.body as said
from raw.twilio_messages as messages
where messages.message_sid = any(%(twilio)s)

union all

select
    'message' as kind,
    'chatbot' as source,
    events.event_id as id,
    events.text as said
from raw.chatbot_events as events
where events.event_id = any(%(chatbot)s)

union all

select
    'review' as kind,
    reviews.source,
    reviews.review_id as id,
    reviews.text as said
from raw.current_reviews as reviews
where
    reviews.store_id = %(store_id)s
    and reviews.review_id = any(%(reviews)s)
