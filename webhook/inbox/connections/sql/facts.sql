-- What is known of each connection of a shop, in one row.
with twilio as (
    select
        max(conversations.last_inbound_at) as received_at,
        max(conversations.last_reply_at) as sent_at
    from app.conversations
    where
        conversations.store_id = %(store_id)s
        and conversations.address is not null
),

chat as (
    select max(conversations.last_inbound_at) as received_at
    from app.conversations
    where
        conversations.store_id = %(store_id)s
        and conversations.address is null
        and conversations.channel <> 'kabar_test'
),

shop as (
    select
        stores.url,
        woocommerce_syncs.synced_at
    from app.stores
    inner join app.woocommerce_syncs
        on stores.store_id = woocommerce_syncs.store_id
    where stores.store_id = %(store_id)s and stores.url is not null
),

call as (
    select
        language_model_calls.outcome,
        language_model_calls.called_at
    from app.language_model_calls
    order by language_model_calls.called_at desc
    limit 1
)

select
    twilio.received_at as twilio_received_at,
    twilio.sent_at as twilio_sent_at,
    chat.received_at as chat_received_at,
    exists(
        select from app.reply_channels
        where reply_channels.store_id = %(store_id)s
    ) as has_reply_channel,
    exists(
        select from app.events_secrets
        where events_secrets.store_id = %(store_id)s
    ) as has_events_secret,
    shop.url as shop_url,
    shop.synced_at as shop_synced_at,
    call.outcome as call_outcome,
    call.called_at,
    (
        select max(source_freshness.checked_at)
        from quality.source_freshness
    ) as data_checked_at,
    now() as read_at
from twilio
cross join chat
left join shop on true
left join call on true
