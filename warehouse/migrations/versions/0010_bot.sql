-- Instructions, tone and name: a change is a new version, the newest counts.
create table app.bot_instructions (
    store_id text not null,
    version integer not null,
    shop_name text not null,
    tone text not null,
    instructions text not null,
    created_at timestamptz not null default now(),
    created_by bigint references app.users,
    primary key (store_id, version)
);

-- What the bot answers without a model. Seeded from bot/rules.yml for a shop
-- that has none; `action` is what happens besides the answer: `facts` looks up
-- what the intent names of the customer's own orders.
create table app.rules (
    rule_id bigint generated always as identity primary key,
    store_id text not null,
    intent text not null,
    position integer not null,
    patterns text[] not null check (cardinality(patterns) > 0),
    answer_id text,
    answer_en text,
    action text check (action in ('handover', 'stop', 'start', 'facts')),
    is_active boolean not null default true,
    updated_at timestamptz not null default now(),
    updated_by bigint references app.users,
    unique (store_id, intent)
);

create table app.anger_words (
    store_id text not null,
    word text not null check (word = lower(word)),
    primary key (store_id, word)
);

-- What the bot decided, a row a step, in the order that it took them.
create table app.bot_decisions (
    decision_id uuid not null,
    step smallint not null,
    conversation_id bigint not null references app.conversations,
    name text not null,
    outcome text not null check (
        outcome in (
            'answered', 'passed', 'refused', 'failed', 'handed_over', 'silent'
        )
    ),
    reason text not null,
    details jsonb not null default '{}',
    language text check (language in ('id', 'en')),
    message_ids text[] not null,
    milliseconds real not null,
    decided_at timestamptz not null default now(),
    primary key (decision_id, step)
);
create index on app.bot_decisions (conversation_id, decided_at);
alter table app.replies add column decision_id uuid;

-- What the language model was asked for, and what that took: never what was
-- said. A day's tokens are held against the budget.
create table app.language_model_calls (
    call_id bigint generated always as identity primary key,
    store_id text not null,
    purpose text not null,
    model text not null,
    outcome text not null,
    prompt_tokens integer not null default 0,
    completion_tokens integer not null default 0,
    milliseconds integer not null,
    called_at timestamptz not null default now()
);
create index on app.language_model_calls (called_at);

create table app.customer_summaries (
    store_id text not null,
    customer_key text not null,
    language text not null check (language in ('id', 'en')),
    summary text not null,
    model text not null,
    made_at timestamptz not null default now(),
    primary key (store_id, customer_key, language)
);

grant select, insert on app.bot_instructions to inbox;
grant select, insert, update, delete on app.rules, app.anger_words to inbox;
grant select on app.bot_decisions to inbox;
grant select on app.bot_instructions, app.rules, app.anger_words to bot;
grant insert on app.rules, app.anger_words, app.bot_instructions to bot;
grant select, insert on app.bot_decisions, app.language_model_calls to bot;
grant select, insert on app.language_model_calls to inbox;
grant select, insert, update on app.customer_summaries to bot, inbox;
grant select on ml.models, ml.message_labels to bot;
grant select on ml.message_labels to inbox;
grant usage on schema ml to bot;
grant insert on ml.message_labels to bot;

-- A customer's own orders are looked up while they wait for the answer.
create index on raw.woocommerce_orders (phone_key, store_id)
where phone_key is not null;
