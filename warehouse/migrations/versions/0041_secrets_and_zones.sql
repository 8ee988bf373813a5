-- The secret that signs a shop's chatbot events and the bot's replies to them,
-- encrypted. `previous` is the one before: still accepted for a day, so that
-- the chatbot can be changed without losing events.
create table app.events_secrets (
    store_id text primary key,
    secret text not null,
    previous text,
    created_at timestamptz not null default now(),
    rotated_at timestamptz not null default now()
);
grant select on app.events_secrets to webhook, bot;
grant select (store_id, created_at, rotated_at) on app.events_secrets to inbox;

create function app.rotate_events_secret(of_store text, encrypted text)
returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into app.events_secrets as secrets (store_id, secret)
    values (of_store, encrypted)
    on conflict (store_id) do update set
        secret = excluded.secret,
        previous = secrets.secret,
        rotated_at = now()
$$;
revoke execute on function app.rotate_events_secret from public;
grant execute on function app.rotate_events_secret to inbox;

-- As before, and offsets that no zone has by a name (warehouse/zones.py).
create or replace function app.refuse_unknown_zone() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.timezone ~ '^<[+-](0\d|1[0-4])[0-5]\d>[+-](0\d|1[0-4]):[0-5]\d$' then
        return new;
    end if;
    if not exists (
        select from pg_timezone_names where name = new.timezone
    ) then
        raise exception
            'store %: "%" is no time zone that PostgreSQL knows',
            new.store_id, new.timezone
        using
            errcode = 'invalid_parameter_value',
            hint = 'Take an IANA name, such as Asia/Jakarta; '
                || 'none means the default zone.';
    end if;
    return new;
end
$$;

-- The keys of a customer that the network itself put together: what a web chat
-- claims about its visitor is not among them.
create function app.verified_keys(
    of_store text, of_customer text
) returns setof text
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with recursive reached (customer_key) as (
        select of_customer
        union
        select
            case
                when links.phone_key = reached.customer_key then links.id_key
                else links.phone_key
            end as customer_key
        from reached
        inner join app.person_links as links
            on reached.customer_key in (links.phone_key, links.id_key)
        where links.store_id = of_store and links.is_verified
    )

    select reached.customer_key from reached
$$;
revoke execute on function app.verified_keys from public;
grant execute on function app.verified_keys to inbox;

-- The person's other conversation on the same channel, under another of their
-- keys: the one with the newest message. `is_newer`: they write there now.
create function app.linked_conversation(of_conversation bigint)
returns table (conversation_id bigint, is_newer boolean)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        linked.conversation_id,
        linked.last_inbound_at
        > coalesce(own.last_inbound_at, '-infinity') as is_newer
    from app.conversations as own
    cross join lateral app.verified_keys(own.store_id, own.customer_key) as keys
    inner join app.conversations as linked
        on
            own.store_id = linked.store_id
            and own.channel = linked.channel
            and keys = linked.customer_key
    where
        own.conversation_id = of_conversation
        and linked.conversation_id <> own.conversation_id
        and linked.last_inbound_at is not null
    order by linked.last_inbound_at desc
    limit 1
$$;
revoke execute on function app.linked_conversation from public;
grant execute on function app.linked_conversation to inbox;

-- Whether a reply that failed was written again.
create function app.is_repeated(of_reply uuid) returns boolean
language sql
stable
as $$
    select exists(
        select from app.replies where replies.retry_of = of_reply
    )
$$;
revoke execute on function app.is_repeated from public;
grant execute on function app.is_repeated to inbox;
