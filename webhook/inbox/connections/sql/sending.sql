-- Whether replies can leave. 20003 and 401 are Twilio's codes for a wrong account
-- or token; a reply that Twilio took later shows that they are right again.
with refused as (
    select max(replies.sending_at) as at
    from app.replies
    where
        replies.state = 'dead'
        and replies.error_code in ('20003', '401')
        and replies.sending_at > now() - interval '1 day'
)

select
    (
        select max(workers.last_heartbeat)
        from queue.procrastinate_workers as workers
    ) as worker_alive_at,
    case
        when not exists (
            select
            from app.replies
            inner join app.conversations
                on replies.conversation_id = conversations.conversation_id
            where
                replies.sent_at > refused.at
                and conversations.address is not null
        ) then refused.at
    end as twilio_refused_at,
    now() as read_at
from refused
