-- The latest episode of a conversation, its messages in order, and how many
-- episodes the customer wrote in until then; of all that landed with a time from
-- `since` on. A reply that is written counts as said, before Twilio has taken it.
with conversation as (
    select
        conversations.conversation_id,
        conversations.store_id,
        conversations.channel,
        conversations.customer_key
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
),

facts as (
    select conversation_facts.*
    from conversation
    inner join app.conversation_facts
        on
            conversation.store_id = conversation_facts.store_id
            and conversation.channel = conversation_facts.channel
            and conversation.customer_key = conversation_facts.customer_key
),

twilio_events as (
    select
        'twilio' as source,
        twilio_messages.message_sid as event_id,
        'message' as event_type,
        case
            when twilio_messages.direction = 'inbound' then 'customer'
            else coalesce(outbound_messages.author, 'bot')
        end as author,
        coalesce(twilio_messages.sent_at, twilio_messages.received_at)
            as occurred_at,
        coalesce(current_status.failed, false) as is_failed,
        reply_facts.answered as is_answered,
        twilio_messages.body as text,
        reply_facts.kind as reply_kind
    from conversation
    inner join raw.twilio_messages
        on
            conversation.store_id = twilio_messages.store_id
            and conversation.channel = twilio_messages.channel
            and conversation.customer_key = twilio_messages.customer_key
    left join app.outbound_messages
        on twilio_messages.message_sid = outbound_messages.message_sid
    left join app.reply_facts
        on twilio_messages.message_sid = reply_facts.message_sid
    -- the limit keeps this a question for one message; joined, the view would
    -- be read whole
    left join lateral (
        select twilio_current_statuses.failed
        from raw.twilio_current_statuses
        where
            twilio_current_statuses.message_sid = twilio_messages.message_sid
            and twilio_messages.direction = 'outbound'
        order by twilio_current_statuses.message_sid
        limit 1
    ) as current_status on true
    where
        coalesce(twilio_messages.sent_at, twilio_messages.received_at)
        >= %(since)s
),

chatbot_events as (
    select
        'chatbot' as source,
        chatbot_events.event_id,
        chatbot_events.type as event_type,
        chatbot_events.author,
        chatbot_events.occurred_at,
        false as is_failed,
        coalesce(chatbot_events.answered, reply_facts.answered) as is_answered,
        chatbot_events.text,
        reply_facts.kind as reply_kind
    from conversation
    inner join raw.chatbot_events
        on
            conversation.store_id = chatbot_events.store_id
            and conversation.channel = chatbot_events.channel
            and conversation.customer_key = chatbot_events.customer_key
    left join app.reply_facts
        on chatbot_events.event_id = reply_facts.message_sid
    where chatbot_events.occurred_at >= %(since)s
),

own_events as (
    select
        'conversation' as source,
        facts.event_id::text as event_id,
        facts.type as event_type,
        null as author,
        facts.occurred_at,
        false as is_failed,
        null::boolean as is_answered,
        null as text
    from facts
),

written_replies as (
    select
        'reply' as source,
        replies.reply_id::text as event_id,
        case
            when replies.kind in ('rating_request', 'thanks')
                then 'rating_message'
            else 'message'
        end as event_type,
        replies.author,
        replies.written_at as occurred_at,
        false as is_failed,
        replies.answered as is_answered,
        replies.body as text
    from conversation
    inner join app.replies
        on conversation.conversation_id = replies.conversation_id
    where
        replies.message_sid is null
        and replies.state in ('written', 'sending')
),

landed_events as (
    select * from twilio_events
    union all
    select * from chatbot_events
),

all_events as (
    select
        landed_events.source,
        landed_events.event_id,
        case
            when
                landed_events.event_type = 'message'
                and (
                    landed_events.reply_kind = 'thanks'
                    or landed_events.event_id in (
                        select facts.message_id
                        from facts
                        where facts.type in ('rating', 'rating_requested')
                    )
                )
                then 'rating_message'
            else landed_events.event_type
        end as event_type,
        landed_events.author,
        landed_events.occurred_at,
        landed_events.is_failed,
        landed_events.is_answered,
        landed_events.text
    from landed_events
    union all
    select * from own_events
    union all
    select * from written_replies
),

conversation_events as ( -- noqa: ST03
    select
        conversation.store_id,
        conversation.channel,
        conversation.customer_key,
        all_events.*
    from conversation
    cross join all_events
),

positions as (
    {{ event_positions("conversation_events", "%(as_of)s::timestamptz") }}
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
