-- Labels that people gave, newest first counts; the model's stay beside them.
create table ml.labels (
    label_id bigint generated always as identity primary key,
    source text not null check (source in ('twilio', 'chatbot')),
    message_id text not null,
    issue text not null
    check (issue in ('delivery', 'order', 'payment', 'refund', 'other')),
    urgency text not null check (urgency in ('low', 'normal', 'high')),
    labelled_by bigint not null,
    labelled_at timestamptz not null default now()
);
create index on ml.labels (source, message_id, labelled_at desc);
create index on ml.labels using brin (labelled_at) with (autosummarize = on);

create view ml.current_labels as
select distinct on (labels.source, labels.message_id)
    labels.source,
    labels.message_id,
    labels.issue,
    labels.urgency,
    labels.labelled_by,
    labels.labelled_at
from ml.labels
order by
    labels.source asc,
    labels.message_id asc,
    labels.labelled_at desc,
    labels.label_id desc;

-- The rows that the model in use judges by. Written by the retraining, read by
-- the bot while a conversation goes on.
create table ml.satisfaction_models (
    model_version text primary key,
    name text not null check (name in ('paper', 'extended')),
    content jsonb not null,
    metrics jsonb not null default '{}',
    reason text not null,
    trained_at timestamptz not null default now(),
    in_use boolean not null default false
);
create unique index satisfaction_models_one_in_use
on ml.satisfaction_models (in_use) where in_use;

grant select on ml.labels, ml.current_labels to scorer, dbt, inbox, bot;
grant insert on ml.labels to inbox;
grant select, insert, update on ml.satisfaction_models to scorer;
grant select on ml.satisfaction_models to bot, inbox, dbt;
grant select on ml.satisfaction_predictions to inbox, bot;

-- A message gives one rating, however often it is looked at.
create unique index conversation_events_one_rating_a_message
on app.conversation_events (conversation_id, message_id) where type = 'rating';

-- What happens in the bot's own conversations, as dbt counts it beside what
-- other chatbots report. `message_id`: the message that asks for the rating or
-- gives it. Nobody was asked by a reply that did not leave.
create view app.conversation_facts as
select
    conversation_events.event_id,
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversation_events.type,
    conversation_events.rating,
    coalesce(conversation_events.message_id, replies.message_sid) as message_id,
    conversation_events.occurred_at,
    conversation_events.landed_at
from app.conversation_events
inner join app.conversations
    on conversation_events.conversation_id = conversations.conversation_id
left join app.replies on conversation_events.reply_id = replies.reply_id
where
    conversation_events.type in (
        'handover', 'rating_requested', 'rating', 'closed'
    )
    and (
        conversation_events.reply_id is null
        or replies.message_sid is not null
    );
grant select on app.conversation_facts to dbt, bot;
