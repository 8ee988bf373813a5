-- What Kabar knows of a WooCommerce shop. Keys and secrets are encrypted by
-- warehouse/encryption.py; a grant names columns so that only those who ask
-- the shop, or check what it signed, can read them.

alter table app.stores
add column url text,
add column consumer_key text,
add column consumer_secret text,
add column webhook_secret text,
add column date_type text not null default 'date_paid'
check (date_type in ('date_paid', 'date_created', 'date_completed')),
add column excluded_statuses text[] not null
default '{pending,failed,cancelled}',
add column prices_decimals smallint,
add column woocommerce_version text,
add column connected_at timestamptz,
add column settings_read_at timestamptz;

-- A view and no grant on columns: dbt reads whole rows.
create view app.store_settings as
select
    stores.store_id,
    stores.name,
    stores.timezone,
    stores.currency,
    stores.date_type,
    stores.excluded_statuses,
    stores.connected_at
from app.stores;
revoke select on app.stores from dbt;
grant select on app.store_settings to dbt;
grant select, insert, update on app.stores to loader;
grant select (store_id, webhook_secret) on app.stores to webhook;
grant usage on schema app to webhook;

-- A one-time code for the plugin; only its hash is kept.
create table app.store_invitations (
    code_hash text primary key,
    store_id text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default now()
);
grant select, insert, update on app.store_invitations to loader;

-- The web app may connect a shop only through a code that is still good.
-- Returns the store's id, or null: unknown, used or expired.
create function app.register_store(
    invitation_hash text,
    shop_url text,
    encrypted_key text,
    encrypted_secret text,
    encrypted_webhook_secret text
) returns text
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    with invitation as (
        update app.store_invitations as invitations
        set used_at = now()
        where
            invitations.code_hash = invitation_hash
            and invitations.used_at is null
            and invitations.expires_at > now()
        returning invitations.store_id
    )

    insert into app.stores as stores (
        store_id, url, consumer_key, consumer_secret, webhook_secret,
        connected_at
    )
    select
        invitation.store_id,
        shop_url,
        encrypted_key,
        encrypted_secret,
        encrypted_webhook_secret,
        now()
    from invitation
    on conflict (store_id) do update set
        url = excluded.url,
        consumer_key = excluded.consumer_key,
        consumer_secret = excluded.consumer_secret,
        webhook_secret = excluded.webhook_secret,
        connected_at = excluded.connected_at,
        settings_read_at = null
    returning stores.store_id
$$;
revoke execute on function app.register_store from public;
grant execute on function app.register_store to webhook;

-- raw: each object as the shop's API gave it, beside typed keys. `asked_at` is
-- when the request for it left; `deleted_at` is when the shop was first seen
-- to have it no longer. Rows are never removed.

create table raw.woocommerce_orders (
    store_id text not null,
    id bigint not null,
    status text not null,
    customer_id bigint not null,
    email_key text,
    phone_key text,
    created_at timestamptz not null,
    modified_at timestamptz not null,
    body jsonb not null,
    asked_at timestamptz not null,
    deleted_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, id)
);
create index on raw.woocommerce_orders (store_id, created_at);
create index on raw.woocommerce_orders using brin (changed_at);

create table raw.woocommerce_refunds (
    store_id text not null,
    id bigint not null,
    order_id bigint not null,
    created_at timestamptz not null,
    body jsonb not null,
    asked_at timestamptz not null,
    deleted_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, id)
);
create index on raw.woocommerce_refunds (store_id, order_id);
create index on raw.woocommerce_refunds using brin (changed_at);

create table raw.woocommerce_customers (
    store_id text not null,
    id bigint not null,
    role text not null,
    email_key text,
    phone_key text,
    body jsonb not null,
    asked_at timestamptz not null,
    deleted_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, id)
);
create index on raw.woocommerce_customers using brin (changed_at);

create table raw.woocommerce_products (
    store_id text not null,
    id bigint not null,
    modified_at timestamptz,
    body jsonb not null,
    asked_at timestamptz not null,
    deleted_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, id)
);

create table raw.woocommerce_variations (
    store_id text not null,
    id bigint not null,
    product_id bigint not null,
    modified_at timestamptz,
    body jsonb not null,
    asked_at timestamptz not null,
    deleted_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, id)
);

create table raw.woocommerce_categories (
    store_id text not null,
    id bigint not null,
    body jsonb not null,
    asked_at timestamptz not null,
    deleted_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, id)
);

create table raw.woocommerce_coupons (
    store_id text not null,
    id bigint not null,
    modified_at timestamptz,
    body jsonb not null,
    asked_at timestamptz not null,
    deleted_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, id)
);

-- What the shop's webhooks brought: provisional, until a sync has asked the
-- shop for the object itself. `resource_id` is null in a body that names none.
create table raw.woocommerce_deliveries (
    store_id text not null,
    delivery_id text not null,
    topic text not null,
    resource text not null,
    resource_id bigint,
    payload_hash text not null,
    payload jsonb not null,
    received_at timestamptz not null default now(),
    primary key (store_id, delivery_id)
);
create index on raw.woocommerce_deliveries using brin (received_at);

-- Clicks on the shop's WhatsApp button. `code` stands in the text that the
-- button proposes, so that a message can be known as its click's.
create table raw.woocommerce_clicks (
    store_id text not null,
    click_id text not null,
    code text,
    product_id bigint,
    clicked_at timestamptz not null,
    payload_hash text not null,
    payload jsonb not null,
    received_at timestamptz not null default now(),
    primary key (store_id, click_id)
);

grant insert on raw.woocommerce_deliveries, raw.woocommerce_clicks to webhook;
grant select, insert, update on
raw.woocommerce_orders, raw.woocommerce_refunds, raw.woocommerce_customers,
raw.woocommerce_products, raw.woocommerce_variations,
raw.woocommerce_categories, raw.woocommerce_coupons to loader;
grant select on raw.woocommerce_deliveries to loader;
grant select on
raw.woocommerce_orders, raw.woocommerce_refunds, raw.woocommerce_customers,
raw.woocommerce_products, raw.woocommerce_variations,
raw.woocommerce_categories, raw.woocommerce_coupons,
raw.woocommerce_deliveries, raw.woocommerce_clicks to validator, dbt;

-- What was set aside is asked for again, and says when it was well.
alter table raw.rejected
add column attempts integer not null default 1,
add column resolved_at timestamptz;

-- Chat and shop meet by phone, then by e-mail.
alter table raw.chatbot_events add column email_key text;

-- quality: how far what Kabar holds agrees with the shop, a row a finding and
-- one for the whole. A run writes all its rows in one transaction.
create table quality.reconciliations (
    run_id uuid not null,
    store_id text not null,
    subject text not null,
    period text not null,
    verdict text not null check (verdict in ('pass', 'warn', 'fail')),
    ours jsonb not null,
    theirs jsonb not null,
    reason text not null,
    reconciled_at timestamptz not null default now(),
    primary key (run_id, store_id, subject, period)
);
create index on quality.reconciliations (store_id, reconciled_at desc);

create view quality.current_reconciliations as
with latest_runs as (
    select distinct on (reconciliations.store_id)
        reconciliations.store_id,
        reconciliations.run_id
    from quality.reconciliations
    order by
        reconciliations.store_id asc,
        reconciliations.reconciled_at desc,
        reconciliations.run_id desc
)

select
    reconciliations.store_id,
    case
        max(
            case reconciliations.verdict
                when 'fail' then 3 when 'warn' then 2 else 1
            end
        )
        when 3 then 'fail' when 2 then 'warn' else 'pass'
    end as verdict,
    max(reconciliations.reconciled_at) as reconciled_at
from quality.reconciliations
inner join latest_runs
    on
        reconciliations.store_id = latest_runs.store_id
        and reconciliations.run_id = latest_runs.run_id
group by reconciliations.store_id;

grant usage on schema quality to loader;
grant select, insert on quality.reconciliations to loader;
grant select on
quality.reconciliations, quality.current_reconciliations to dbt, validator;
