select exists(
    select from app.conversations
    where conversations.address is not null
) as has_twilio_customers
