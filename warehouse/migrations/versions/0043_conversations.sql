-- The message that issue and urgency of a conversation are of: the newest one
-- about an issue.
alter table app.conversations add column labelled_at timestamptz;

-- Labels reach the conversation, whoever writes them. "Other" says little, as
-- of a thank you: unless it is urgent, it replaces a label only after a day.
-- What a person corrected stays. Conversations are locked in the order of
-- app.note_messages, so that two processes cannot deadlock.
create function app.note_labels() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    changed bigint [];
begin
    with messages as (
        select
            twilio_messages.store_id,
            twilio_messages.channel,
            twilio_messages.customer_key,
            coalesce(twilio_messages.sent_at, twilio_messages.received_at)
                as at,
            landed.source,
            landed.message_id,
            landed.issue,
            landed.urgency
        from landed
        inner join raw.twilio_messages
            on landed.message_id = twilio_messages.message_sid
        where
            landed.source = 'twilio'
            and twilio_messages.direction = 'inbound'

        union all

        select
            chatbot_events.store_id,
            chatbot_events.channel,
            chatbot_events.customer_key,
            chatbot_events.occurred_at as at,
            landed.source,
            landed.message_id,
            landed.issue,
            landed.urgency
        from landed
        inner join raw.chatbot_events
            on landed.message_id = chatbot_events.event_id
        where
            landed.source = 'chatbot'
            and chatbot_events.author = 'customer'
    ),

    telling as (
        select distinct on (
            messages.store_id, messages.channel, messages.customer_key
        )
            messages.*,
            messages.issue <> 'other' or messages.urgency = 'high' as is_telling
        from messages
        where
            not exists (
                select
                from ml.labels
                where
                    labels.source = messages.source
                    and labels.message_id = messages.message_id
            )
        order by
            messages.store_id asc,
            messages.channel asc,
            messages.customer_key asc,
            is_telling desc,
            messages.at desc
    ),

    locked as (
        select
            conversations.conversation_id,
            telling.issue,
            telling.urgency,
            telling.at,
            telling.is_telling
        from app.conversations
        inner join telling
            on
                conversations.store_id = telling.store_id
                and conversations.channel = telling.channel
                and conversations.customer_key = telling.customer_key
        order by
            conversations.store_id,
            conversations.channel,
            conversations.customer_key
        for no key update of conversations
    ),

    noted as (
        update app.conversations set
            issue = case
                when
                    locked.issue = 'other'
                    and conversations.labelled_at
                    >= locked.at - interval '1 day'
                    then coalesce(conversations.issue, locked.issue)
                else locked.issue
            end,
            urgency = locked.urgency,
            labelled_at = locked.at,
            changed_at = now()
        from locked
        where
            conversations.conversation_id = locked.conversation_id
            and locked.at >= coalesce(conversations.labelled_at, '-infinity')
            and (
                locked.is_telling
                or conversations.issue is null
                or conversations.labelled_at is null
                or conversations.labelled_at < locked.at - interval '1 day'
            )
        returning
            conversations.conversation_id,
            conversations.last_message_at
    )

    select array_agg(noted.conversation_id) into changed
    from noted
    where noted.last_message_at > now() - interval '1 hour';

    perform pg_notify('inbox', conversation_id::text)
    from unnest(changed) as conversation_id;
    return null;
end
$$;
revoke execute on function app.note_labels from public;
create trigger note_labels after insert on ml.message_labels
referencing new table as landed
for each statement execute function app.note_labels();

-- The labels that are there already.
with labelled as (
    select
        messages.store_id,
        messages.channel,
        messages.customer_key,
        messages.occurred_at,
        coalesce(current_labels.issue, message_labels.issue) as issue,
        coalesce(current_labels.urgency, message_labels.urgency) as urgency
    from app.messages
    inner join ml.message_labels
        on
            messages.source = message_labels.source
            and messages.message_id = message_labels.message_id
    left join ml.current_labels
        on
            messages.source = current_labels.source
            and messages.message_id = current_labels.message_id
    where messages.author = 'customer'
),

telling as (
    select distinct on (
        labelled.store_id, labelled.channel, labelled.customer_key
    ) labelled.*
    from labelled
    order by
        labelled.store_id asc,
        labelled.channel asc,
        labelled.customer_key asc,
        (labelled.issue <> 'other') desc,
        labelled.occurred_at desc
)

update app.conversations set
    issue = telling.issue,
    urgency = telling.urgency,
    labelled_at = telling.occurred_at
from telling
where
    conversations.store_id = telling.store_id
    and conversations.channel = telling.channel
    and conversations.customer_key = telling.customer_key;

-- Narrowed down, the list is still read newest first.
create index on app.conversations (
    channel, last_message_at desc, conversation_id desc
);
create index on app.conversations (
    issue, last_message_at desc, conversation_id desc
);
create index on app.conversations (last_message_at desc, conversation_id desc)
where urgency = 'high';
create index on app.conversations (last_message_at desc, conversation_id desc)
where last_author = 'customer';
create index on app.conversations (
    assigned_to, last_message_at desc, conversation_id desc
) where assigned_to is not null;

-- Customers who are unhappy: they rated low, or the bot called an agent for a
-- complaint, and they have not rated high since.
create index conversation_events_unhappy
on app.conversation_events (conversation_id)
where
    rating <= 2
    or (
        type = 'handover'
        and reason in (
            'anger', 'dissatisfied', 'refund_dispute', 'damaged_or_wrong'
        )
    );
create index chatbot_events_low_ratings
on raw.chatbot_events (store_id, channel, customer_key)
where type = 'rating' and rating <= 2;

create view app.unhappy_conversations as
with unhappy as (
    select
        conversation_events.conversation_id,
        conversation_events.occurred_at
    from app.conversation_events
    where
        conversation_events.rating <= 2
        or (
            conversation_events.type = 'handover'
            and conversation_events.reason in (
                'anger', 'dissatisfied', 'refund_dispute', 'damaged_or_wrong'
            )
        )

    union all

    select
        conversations.conversation_id,
        chatbot_events.occurred_at
    from raw.chatbot_events
    inner join app.conversations
        on
            chatbot_events.store_id = conversations.store_id
            and chatbot_events.channel = conversations.channel
            and chatbot_events.customer_key = conversations.customer_key
    where chatbot_events.type = 'rating' and chatbot_events.rating <= 2
)

select unhappy.conversation_id
from unhappy
where
    not exists (
        select
        from app.conversation_events as later
        where
            later.conversation_id = unhappy.conversation_id
            and later.rating >= 4
            and later.occurred_at > unhappy.occurred_at
    )
    and not exists (
        select
        from app.conversations
        inner join raw.chatbot_events as later
            on
                conversations.store_id = later.store_id
                and conversations.channel = later.channel
                and conversations.customer_key = later.customer_key
        where
            conversations.conversation_id = unhappy.conversation_id
            and later.type = 'rating'
            and later.rating >= 4
            and later.occurred_at > unhappy.occurred_at
    );
grant select on app.unhappy_conversations to inbox;

grant select (store_id, kind, source, id, topic_id)
on ml.topic_messages to inbox;

-- A search finds orders by number, and customers by the beginning or the end of
-- their phone number.
create index woocommerce_orders_number on raw.woocommerce_orders (
    (body ->> 'number')
);
create index on app.conversations (address text_pattern_ops);
create index on app.conversations (reverse(address) text_pattern_ops);
