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
