-- Runs when a message lands, in the landing's own transaction: writes its
-- conversation and customer, and queues the bot's answer. The triggers are made
-- in 0009 (note_messages on raw.twilio_messages and raw.chatbot_events) and 0030
-- (on app.test_messages).
--
-- The task is `answer` of bot/tasks.py, queued only for messages of the last
-- hour. It is scheduled after the shop's pause, so that several messages in a
-- row get one answer. Conversations are locked in a fixed order, so that two
-- processes cannot deadlock, and before the queue: a worker locks the
-- conversation before it reads, so it misses no message.
create or replace function app.note_messages(landed jsonb) returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    with messages as (
        select *
        from jsonb_to_recordset(landed) as message (
            store_id text,
            channel text,
            customer_key text,
            author text,
            at timestamptz,
            body text,
            name text,
            address text,
            own_address text,
            can_answer boolean
        )
    ),

    threads as (
        select
            messages.store_id,
            messages.channel,
            messages.customer_key,
            max(messages.at) as last_message_at,
            max(messages.at) filter (
                where messages.author = 'customer'
            ) as last_inbound_at,
            max(messages.at) filter (
                where messages.author != 'customer'
            ) as last_reply_at,
            (array_agg(messages.name order by messages.at desc) filter (
                where messages.name > ''
            ))[1] as name,
            (array_agg(messages.address order by messages.at desc) filter (
                where messages.address is not null
            ))[1] as address,
            (array_agg(
                messages.own_address
                order by
                    (messages.author = 'customer') desc,
                    messages.at desc
            ) filter (
                where messages.own_address is not null
            ))[1] as own_address,
            (array_agg(left(messages.body, 200) order by messages.at desc))[1]
                as last_text,
            (array_agg(messages.author order by messages.at desc))[1]
                as last_author,
            bool_or(
                messages.can_answer
                and messages.author = 'customer'
                and messages.at > now() - interval '1 hour'
            ) as wants_answer
        from messages
        group by messages.store_id, messages.channel, messages.customer_key
    ),

    customers as (
        insert into app.customers as customers (store_id, customer_key, name)
        select
            threads.store_id,
            threads.customer_key,
            max(threads.name)
        from threads
        group by threads.store_id, threads.customer_key
        order by threads.store_id, threads.customer_key
        on conflict (store_id, customer_key) do update set
            name = excluded.name
        where
            excluded.name is not null
            and customers.name is distinct from excluded.name
    ),

    noted as (
        insert into app.conversations as conversations (
            store_id, channel, customer_key, address, own_address,
            last_message_at, last_inbound_at, last_reply_at, last_text,
            last_author
        )
        select
            threads.store_id,
            threads.channel,
            threads.customer_key,
            threads.address,
            threads.own_address,
            threads.last_message_at,
            threads.last_inbound_at,
            threads.last_reply_at,
            threads.last_text,
            threads.last_author
        from threads
        order by threads.store_id, threads.channel, threads.customer_key
        on conflict (store_id, channel, customer_key) do update set
            address = coalesce(excluded.address, conversations.address),
            -- of the shop's numbers the one that the customer wrote to last
            own_address = case
                when
                    conversations.own_address is null
                    or excluded.last_inbound_at >= coalesce(
                        conversations.last_inbound_at, '-infinity'
                    )
                    then coalesce(
                        excluded.own_address, conversations.own_address
                    )
                else conversations.own_address
            end,
            last_text = case
                when excluded.last_message_at >= conversations.last_message_at
                    then excluded.last_text
                else conversations.last_text
            end,
            last_author = case
                when excluded.last_message_at >= conversations.last_message_at
                    then excluded.last_author
                else conversations.last_author
            end,
            last_message_at = greatest(
                conversations.last_message_at, excluded.last_message_at
            ),
            last_inbound_at = greatest(
                conversations.last_inbound_at, excluded.last_inbound_at
            ),
            last_reply_at = greatest(
                conversations.last_reply_at, excluded.last_reply_at
            ),
            state = case
                when
                    conversations.state = 'closed'
                    and excluded.last_inbound_at > conversations.state_at
                    then 'bot'
                else conversations.state
            end,
            changed_at = now()
        returning
            conversations.conversation_id,
            conversations.store_id,
            conversations.channel,
            conversations.customer_key,
            conversations.last_message_at
    )

    select
        case when threads.wants_answer then
            queue.enqueue(
                'answer',
                'conversation ' || noted.conversation_id,
                jsonb_build_object('conversation_id', noted.conversation_id),
                now() + make_interval(
                    secs => coalesce(
                        store_options.pause_seconds, app.default_pause_seconds()
                    )::float8
                )
            )
        end,
        case when noted.last_message_at > now() - interval '1 hour' then
            pg_notify('inbox', noted.conversation_id::text)
        end
    from noted
    inner join threads using (store_id, channel, customer_key)
    left join app.store_options
        on noted.store_id = store_options.store_id
    order by noted.conversation_id
$$;
revoke execute on function app.note_messages from public;

create or replace function app.note_twilio_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.link_people(jsonb_agg(jsonb_build_object(
        'store_id', landed.store_id,
        'phone_key', landed.customer_key,
        'id_key', landed.id_key
    )), by_network => true)
    from landed
    where landed.id_key is not null
    having count(*) > 0;

    perform app.note_messages(jsonb_agg(jsonb_build_object(
        'store_id', landed.store_id,
        'channel', landed.channel,
        'customer_key', landed.customer_key,
        'author', case
            when landed.direction = 'inbound' then 'customer'
            else coalesce(outbound_messages.author, 'bot')
        end,
        'at', coalesce(landed.sent_at, landed.received_at, now()),
        'body', coalesce(
            nullif(landed.body, ''),
            -- a place
            nullif(concat_ws(
                ', ',
                nullif(landed.payload ->> 'Label', ''),
                nullif(landed.payload ->> 'Address', '')
            ), ''),
            landed.payload ->> 'Latitude' || ', '
            || (landed.payload ->> 'Longitude')
        ),
        'name', landed.payload ->> 'ProfileName',
        'address', case
            when landed.direction = 'inbound' then
                coalesce(landed.payload ->> 'From', landed.record ->> 'from')
            else landed.record ->> 'to'
        end,
        'own_address', case
            when landed.direction = 'inbound' then
                coalesce(landed.payload ->> 'To', landed.record ->> 'to')
            else landed.record ->> 'from'
        end,
        'can_answer', true
    )))
    from landed
    left join app.outbound_messages
        on
            landed.direction = 'outbound'
            and landed.message_sid = outbound_messages.message_sid
    having count(*) > 0;
    return null;
end
$$;
create or replace function app.note_chatbot_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.link_people(jsonb_agg(jsonb_build_object(
        'store_id', landed.store_id,
        'phone_key', landed.phone_key,
        'id_key', landed.id_key
    )), by_network => false)
    from landed
    where landed.phone_key is not null and landed.id_key is not null
    having count(*) > 0;

    perform app.note_messages(jsonb_agg(jsonb_build_object(
        'store_id', landed.store_id,
        'channel', landed.channel,
        'customer_key', landed.customer_key,
        'author', landed.author,
        'at', {{ time_of_event(
            "landed.occurred_at", "landed.received_at"
        ) }},
        'body', landed.text,
        'name', landed.payload #>> '{customer,name}',
        'can_answer', reply_channels.url is not null
    )))
    from landed
    left join app.reply_channels
        on
            landed.store_id = reply_channels.store_id
            and landed.channel = reply_channels.channel
    where landed.type = 'message'
    having count(*) > 0;
    return null;
end
$$;
create or replace function app.note_test_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.note_messages(jsonb_agg(jsonb_build_object(
        'store_id', landed.store_id,
        'channel', 'kabar_test',
        'customer_key', landed.customer_key,
        'author', landed.author,
        'at', landed.occurred_at,
        'body', landed.text,
        'can_answer', true
    )))
    from landed
    having count(*) > 0;
    return null;
end
$$;
