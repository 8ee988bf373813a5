select
    holidays.day,
    holidays.day < (
        now() at time zone coalesce((
            select store_settings.timezone
            from app.store_settings
            where store_settings.store_id = %(store_id)s
        ), %(timezone)s)
    )::date as is_over
from app.holidays
where holidays.store = %(store_id)s
order by holidays.day
