select
    users.email,
    users.name,
    users.role,
    users.is_active,
    users.last_login_at at time zone 'utc' as last_login_at
from app.users
order by users.email
