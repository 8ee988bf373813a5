with openings as (
    select
        coalesce(array_agg(business_hours.weekday::int), '{}') as weekdays,
        coalesce(array_agg(business_hours.opens), '{}') as opens,
        coalesce(array_agg(business_hours.closes), '{}') as closes
    from app.business_hours
    where business_hours.store = %(store_id)s
),

closed_days as (
    select coalesce(array_agg(holidays.day), '{}') as days
    from app.holidays
    where
        holidays.store = %(store_id)s
        and holidays.day between current_date - 16 and current_date + 16
)

select
    store_settings.timezone,
    store_settings.currency,
    openings.weekdays,
    openings.opens,
    openings.closes,
    closed_days.days
from openings
cross join closed_days
left join app.store_settings on store_settings.store_id = %(store_id)s
