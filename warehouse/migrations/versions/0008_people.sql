-- Who signs in. `session_version` goes up when the password changes or the
-- account is closed, and every session that was opened before is over.
create table app.users (
    user_id bigint generated always as identity primary key,
    email text not null unique check (email = lower(email)),
    name text not null,
    password_hash text not null,
    role text not null check (role in ('admin', 'agent', 'viewer')),
    language text not null default 'id' check (language in ('id', 'en')),
    is_active boolean not null default true,
    session_version integer not null default 1,
    last_login_at timestamptz,
    created_at timestamptz not null default now()
);

-- Attempts to sign in that failed, or have not succeeded yet, by account, by
-- address and by both: keyed hashes, since an address is somebody's.
create table app.sign_in_attempts (
    attempt_id uuid not null,
    kind text not null check (kind in ('account', 'address', 'both')),
    key text not null,
    attempted_at timestamptz not null default now(),
    primary key (attempt_id, kind)
);
create index on app.sign_in_attempts (kind, key, attempted_at);
create index on app.sign_in_attempts (attempted_at);

-- Forms that were sent from the inbox, so that a double click acts once.
create table app.form_tokens (
    token uuid primary key,
    used_at timestamptz not null default now()
);

-- What shops choose of how the bot behaves. A shop without a row has the
-- defaults. `pause_seconds`: how long a customer must have been silent before
-- the bot answers what they wrote in one go.
create table app.store_options (
    store_id text primary key,
    is_bot_on boolean not null default true,
    pause_seconds numeric not null default 2.5
    check (pause_seconds between 0 and 3),
    asks_for_ratings boolean not null default true,
    is_handed_over_in_doubt boolean not null default true,
    updated_at timestamptz not null default now(),
    updated_by bigint references app.users
);

create table app.canned_replies (
    canned_reply_id bigint generated always as identity primary key,
    store_id text not null,
    shortcut text not null,
    text_id text not null,
    text_en text not null,
    unique (store_id, shortcut)
);

-- Approved templates: the only way to write first, or after 24 hours.
create table app.message_templates (
    content_sid text primary key,
    store_id text not null,
    name text not null,
    language text not null check (language in ('id', 'en')),
    body text not null,
    variables text[] not null default '{}',
    is_active boolean not null default true
);

grant usage on schema raw, app, ml, queue to inbox;
grant execute on function queue.enqueue to inbox;
grant select, insert, update on app.users, app.store_options to inbox;
grant select, insert, delete on
app.sign_in_attempts, app.form_tokens
to inbox;

-- Agents search what was written. Only the beginning of a text: of a longer one
-- Postgres would make no words at all, and refuse the message with it.
create index twilio_messages_words on raw.twilio_messages using gin (
    to_tsvector('simple', left(coalesce(body, ''), 2000))
);
create index chatbot_events_words on raw.chatbot_events using gin (
    to_tsvector('simple', left(coalesce(text, ''), 2000))
);
create index twilio_messages_newest on raw.twilio_messages (
    coalesce(sent_at, received_at) desc
);
create index chatbot_events_newest on raw.chatbot_events (occurred_at desc);

-- A customer's orders, by the number or the address that stands on them.
create index on raw.woocommerce_orders (phone_key) where phone_key is not null;
create index on raw.woocommerce_orders (email_key) where email_key is not null;

grant select, insert, update, delete on
app.canned_replies, app.message_templates, app.business_hours, app.holidays,
app.kpi_targets to inbox;
grant select on app.store_settings to inbox, bot;
grant select on
app.store_options, app.message_templates, app.business_hours, app.holidays
to bot;
