-- Keeps a name that an admin entered, settings that the shop does not give, and
-- the time zone if Postgres knows the shop's by none of its names.
with given as (
    select
        %(name)s::text as name,
        %(timezone)s::text as timezone,
        %(currency)s::text as currency,
        %(date_type)s::text as date_type,
        %(excluded_statuses)s::text[] as excluded_statuses,
        %(prices_decimals)s::smallint as prices_decimals,
        %(woocommerce_version)s::text as woocommerce_version
)

update app.stores
set
    name = coalesce(stores.name, given.name),
    timezone = coalesce(given.timezone, stores.timezone),
    currency = coalesce(given.currency, stores.currency),
    date_type = given.date_type,
    excluded_statuses
    = coalesce(given.excluded_statuses, stores.excluded_statuses),
    prices_decimals = coalesce(given.prices_decimals, stores.prices_decimals),
    woocommerce_version
    = coalesce(given.woocommerce_version, stores.woocommerce_version),
    settings_read_at = now()
from given
where stores.store_id = %(store_id)s
