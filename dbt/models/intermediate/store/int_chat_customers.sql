{#
    Matches customers of the shop with customers who chat: by any phone number
    that the shop has of them; those not matched by number, by e-mail address.
#}
{{
    config(
        indexes=[{"columns": ["store_id", "chat_customer_key"]}],
        post_hook="analyze {{ this }}",
    )
}}

with recursive orders as (
    select * from {{ ref('int_store_orders') }}
),

store_customers as (
    select * from {{ ref('int_store_customers') }}
),

accounts as (
    select *
    from {{ ref('stg_woocommerce_customers') }}
    where deleted_at is null
),

stores as (
    select * from {{ ref('dim_stores') }}
),

identity_pairs as (
    select * from {{ ref('int_identity_pairs') }}
),

email_pairs as (
    select * from {{ ref('int_email_pairs') }}
),

episodes as (
    select * from {{ ref('int_episodes') }}
),

contacts as (
    select
        orders.store_id,
        store_customers.customer_key,
        orders.phone_key,
        orders.email_key
    from orders
    inner join store_customers
        on
            orders.store_id = store_customers.store_id
            and orders.order_id = store_customers.order_id

    union

    select
        accounts.store_id,
        'account-' || accounts.account_id as customer_key,
        accounts.phone_key,
        accounts.email_key
    from accounts
    inner join stores on accounts.store_id = stores.store_id
    where stores.is_shop_connected
),

seen_email_pairs as (
    select
        email_pairs.email_key,
        email_pairs.landed_key
    from email_pairs
    where
        email_pairs.first_seen_at <= {{ as_of() }}
        and email_pairs.email_key in (
            select contacts.email_key from contacts
        )
),

-- the keys under which they may have chatted
origins as (
    select contacts.phone_key as origin_key
    from contacts
    where contacts.phone_key is not null

    union

    select seen_email_pairs.landed_key as origin_key
    from seen_email_pairs
),

seen_pairs as (
    select
        identity_pairs.phone_key,
        identity_pairs.id_key
    from identity_pairs
    where identity_pairs.first_seen_at <= {{ as_of() }}
),

links as (
    select
        seen_pairs.phone_key as from_key,
        seen_pairs.id_key as to_key
    from seen_pairs

    union all

    select
        seen_pairs.id_key as from_key,
        seen_pairs.phone_key as to_key
    from seen_pairs
),

-- as in int_changed_customers: a customer with a number is known by the
-- smallest of their numbers' keys
reached (origin_key, landed_key) as (
    select
        origins.origin_key,
        links.to_key as landed_key
    from origins
    inner join links on origins.origin_key = links.from_key

    union

    select
        reached.origin_key,
        links.to_key as landed_key
    from reached
    inner join links on reached.landed_key = links.from_key
),

smallest_numbers as (
    select
        reached.origin_key,
        min(seen_pairs.phone_key) as chat_customer_key
    from reached
    inner join seen_pairs on reached.landed_key = seen_pairs.phone_key
    group by reached.origin_key
),

people as (
    select
        origins.origin_key,
        coalesce(
            smallest_numbers.chat_customer_key, origins.origin_key
        ) as chat_customer_key
    from origins
    left join smallest_numbers
        on origins.origin_key = smallest_numbers.origin_key
),

chatting as (
    select distinct
        episodes.store_id,
        episodes.customer_key
    from episodes
    inner join stores on episodes.store_id = stores.store_id
    where
        stores.is_shop_connected
        and episodes.has_customer_message
),

matched as (
    select
        contacts.store_id,
        contacts.customer_key,
        people.chat_customer_key,
        'phone' as matched_by
    from contacts
    inner join people on contacts.phone_key = people.origin_key

    union

    select
        contacts.store_id,
        contacts.customer_key,
        people.chat_customer_key,
        'email' as matched_by
    from contacts
    inner join seen_email_pairs
        on contacts.email_key = seen_email_pairs.email_key
    inner join people on seen_email_pairs.landed_key = people.origin_key
),

ranked as (
    select
        matched.*,
        rank() over (
            partition by matched.store_id, matched.chat_customer_key
            order by case matched.matched_by when 'phone' then 1 else 2 end
        ) as place
    from matched
    inner join chatting
        on
            matched.store_id = chatting.store_id
            and matched.chat_customer_key = chatting.customer_key
),

final as (
    select
        ranked.store_id,
        ranked.customer_key,
        ranked.chat_customer_key,
        ranked.matched_by
    from ranked
    where ranked.place = 1
)

select * from final
