select
    conversations.address is not null
    and conversations.channel <> 'kabar_test'
    and not exists (
        select from app.reply_channels
        where
            reply_channels.store_id = conversations.store_id
            and reply_channels.channel = conversations.channel
    ) as is_sent_by_twilio
from app.conversations
where conversations.conversation_id = %(conversation_id)s
