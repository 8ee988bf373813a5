-- The latest episode of a conversation with its messages in order, and the
-- number of episodes in which the customer wrote; of events since `since`. A
-- written reply counts as said before Twilio has accepted it.
with conversation as (
    select
        conversations.conversation_id,
        conversations.store_id,
        conversations.channel,
        conversations.customer_key as landed_key,
        conversations.customer_key
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
),

{{ landed_relations() }},

landed_events as (
    {{ conversation_events(
        "conversation",
        of_threads=true,
        since="%(since)s::timestamptz",
        with_text=true,
    ) | indent }}
),

written_replies as (
    select
        conversation.store_id,
        conversation.customer_key,
        conversation.channel,
        'reply' as source,
        replies.reply_id::text as event_id,
        case
            when replies.kind in ('rating_request', 'thanks', 'survey')
                then 'rating_message'
            else 'message'
        end as event_type,
        replies.author,
        replies.written_at as occurred_at,
        false as is_failed,
        replies.answered as is_answered,
        null::boolean as needs_reply,
        replies.body as text
    from conversation
    inner join app.replies
        on conversation.conversation_id = replies.conversation_id
    where
        replies.message_sid is null
        and replies.state in ('written', 'sending')
),

events as (
    select
        landed_events.store_id,
        landed_events.customer_key,
        landed_events.channel,
        landed_events.source,
        landed_events.event_id,
        landed_events.event_type,
        landed_events.author,
        landed_events.occurred_at,
        landed_events.is_failed,
        landed_events.is_answered,
        landed_events.needs_reply,
        landed_events.text
    from landed_events
    union all
    select * from written_replies
),

positions as (
    {{ event_positions("events", "%(as_of)s::timestamptz") | indent }}
),

latest as (
    select
        max(positions.episode_position) as episode_position,
        count(distinct positions.episode_position) filter (
            where
            positions.event_type = 'message'
            and positions.author = 'customer'
        ) as episodes
    from positions
)

select
    positions.source,
    positions.event_id,
    positions.event_type,
    positions.author,
    positions.occurred_at,
    positions.is_failed,
    positions.is_answered,
    positions.needs_reply,
    positions.text,
    positions.episode_position,
    positions.turn_position,
    latest.episodes,
    coalesce(current_labels.issue, message_labels.issue) as issue
from positions
inner join latest
    on
        positions.episode_position = latest.episode_position
        and positions.is_in_episode
left join ml.message_labels
    on
        positions.source = message_labels.source
        and positions.event_id = message_labels.message_id
        and positions.author = 'customer'
left join ml.current_labels
    on
        positions.source = current_labels.source
        and positions.event_id = current_labels.message_id
        and positions.author = 'customer'
order by positions.position
