select
    stores.store_id,
    stores.url,
    stores.consumer_key as key,
    stores.consumer_secret as secret,
    stores.webhook_secret,
    stores.timezone,
    stores.date_type,
    stores.excluded_statuses,
    stores.settings_read_at,
    stores.prices_decimals,
    stores.woocommerce_version,
    -- A host may have become stronger: full pages are tried again after a week.
    case
        when stores.page_size_at > now() - interval '7 days'
            then stores.page_size
    end as page_size
from app.stores
where stores.store_id = %(store_id)s
