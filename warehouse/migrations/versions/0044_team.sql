-- What colleagues write to each other about a conversation. Only the inbox reads
-- it: it is sent to nobody, counts in no figure and no model gets it.
create table app.notes (
    note_id bigint generated always as identity primary key,
    conversation_id bigint not null
    references app.conversations on delete cascade,
    user_id bigint not null references app.users,
    text text not null check (length(text) between 1 and 4000),
    written_at timestamptz not null default now()
);
create index on app.notes (conversation_id, written_at);

create table app.note_mentions (
    user_id bigint not null references app.users,
    note_id bigint not null references app.notes on delete cascade,
    seen_at timestamptz,
    primary key (user_id, note_id)
);
create index on app.note_mentions (note_id);

create table app.conversation_tags (
    conversation_id bigint not null
    references app.conversations on delete cascade,
    tag text not null check (tag = btrim(tag) and length(tag) between 1 and 40),
    tagged_by bigint not null references app.users,
    tagged_at timestamptz not null default now(),
    primary key (conversation_id, tag)
);
create index on app.conversation_tags (tag, conversation_id);

grant select, insert on app.notes to inbox;
grant select, insert on app.note_mentions to inbox;
grant update (seen_at) on app.note_mentions to inbox;
grant select, insert, delete on app.conversation_tags to inbox;

-- A conversation that an agent put off waits again at `snoozed_until`, or as
-- soon as the customer writes.
alter table app.conversations
add column snoozed_at timestamptz,
add column snoozed_until timestamptz,
add check ((snoozed_at is null) = (snoozed_until is null));
create index on app.conversations (last_message_at desc, conversation_id desc)
where snoozed_until is not null;

create or replace view app.conversation_states as
select
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversations.state,
    conversations.state_at,
    conversations.last_message_at,
    conversations.last_inbound_at,
    conversations.last_reply_at,
    case
        when
            coalesce(conversations.last_inbound_at, '-infinity')
            <= conversations.snoozed_at
            then conversations.snoozed_until
    end as snoozed_until
from app.conversations;

-- Until when a conversation is put off; null if it is not, or no longer.
create function app.snoozed_until(
    last_inbound_at timestamptz, snoozed_at timestamptz, until timestamptz
) returns timestamptz
language sql
stable
as $$
    select
        case
            when
                coalesce(last_inbound_at, '-infinity') <= snoozed_at
                and until > now()
                then until
        end
$$;
revoke execute on function app.snoozed_until from public;
grant execute on function app.snoozed_until to inbox;

create function app.tags(of_conversation bigint) returns text[]
language sql
stable
as $$
    select
        array(
            select conversation_tags.tag
            from app.conversation_tags
            where conversation_tags.conversation_id = of_conversation
            order by conversation_tags.tag
        )
$$;
revoke execute on function app.tags from public;
grant execute on function app.tags to inbox;

-- Whether the last reply of a conversation was not sent, and nothing has got
-- through since.
create function app.is_unsent(of_conversation bigint) returns boolean
language sql
stable
as $$
    select
        coalesce((
            select replies.state = 'dead'
            from app.replies
            where
                replies.conversation_id = of_conversation
                and replies.state in ('sent', 'dead')
            order by replies.sequence desc
            limit 1
        ), false)
$$;
revoke execute on function app.is_unsent from public;
grant execute on function app.is_unsent to inbox;
