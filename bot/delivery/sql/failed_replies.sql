-- Replies that were accepted and have failed since, in order. Only a recent one
-- that is no repetition itself can be repeated; a question for a rating or of a
-- survey is tied to its first attempt.
select
    replies.reply_id::text as reply_id,
    replies.kind,
    coalesce(
        (
            select max(callbacks.error_code)
            from raw.twilio_statuses as callbacks
            where callbacks.message_sid = replies.message_sid
        ),
        (
            select messages.record ->> 'error_code'
            from raw.twilio_messages as messages
            where messages.message_sid = replies.message_sid
        )
    ) as code,
    replies.retry_of is null
    and replies.kind not in ('rating_request', 'survey')
    and replies.sent_at > now() - interval '1 hour' as can_repeat
from app.replies
inner join raw.twilio_current_statuses as statuses
    on replies.message_sid = statuses.message_sid
where
    replies.conversation_id = %(conversation_id)s
    and replies.state = 'sent'
    and replies.sent_at > now() - interval '7 days'
    and replies.message_sid in (
        select failures.message_sid
        from raw.twilio_failures as failures
        where failures.message_sid = replies.message_sid
    )
    and statuses.failed
order by replies.sequence
for update of replies
