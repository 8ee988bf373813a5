-- The first unsent reply of a conversation, and what decides whether it may be
-- sent. For one that was being sent when its worker died, the carrier's answer
-- may still be on its way.
with next_reply as (
    select
        replies.reply_id,
        replies.conversation_id,
        replies.author,
        replies.kind,
        replies.body,
        replies.media_url,
        replies.content_sid,
        replies.content_variables,
        replies.answered,
        replies.attempts,
        replies.sending_at,
        replies.sequence,
        replies.state,
        replies.own_address,
        coalesce(
            replies.next_attempt_at,
            replies.sending_at + make_interval(secs => %(silence_seconds)s),
            replies.written_at
        ) as due_at
    from app.replies
    where
        replies.conversation_id = %(conversation_id)s
        and replies.state in ('written', 'sending')
    order by replies.sequence
    limit 1
    for update
)

select
    next_reply.reply_id::text as reply_id,
    next_reply.conversation_id,
    next_reply.author,
    next_reply.kind,
    next_reply.body,
    next_reply.media_url,
    next_reply.content_sid,
    next_reply.content_variables,
    next_reply.answered,
    next_reply.attempts,
    next_reply.sending_at,
    next_reply.state = 'sending' as is_sending,
    next_reply.due_at,
    next_reply.due_at <= now() as is_due,
    not exists (
        select 1
        from app.replies
        where
            replies.conversation_id = next_reply.conversation_id
            and replies.sequence > next_reply.sequence
            and replies.state in ('written', 'sending')
    ) as is_last,
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversations.state as conversation_state,
    conversations.address,
    coalesce(next_reply.own_address, conversations.own_address)
        as own_address,
    conversations.channel in ('sms', 'kabar_test')
    or reply_channels.url is not null
    or coalesce(
        conversations.last_inbound_at > now() - interval '23 hours 59 minutes',
        false
    ) as is_window_open,
    app.opted_out_at(
        conversations.store_id, conversations.customer_key
    ) is not null as is_opted_out,
    reply_channels.url as reply_url
from next_reply
inner join app.conversations
    on next_reply.conversation_id = conversations.conversation_id
left join app.reply_channels
    on
        conversations.store_id = reply_channels.store_id
        and conversations.channel = reply_channels.channel
