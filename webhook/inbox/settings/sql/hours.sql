select
    business_hours.weekday,
    to_char(business_hours.opens, 'HH24:MI') as opens,
    to_char(business_hours.closes, 'HH24:MI') as closes
from app.business_hours
where business_hours.store = %(store_id)s
order by business_hours.weekday, business_hours.opens
