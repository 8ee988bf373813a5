select
    users.user_id,
    users.email,
    users.name,
    users.role,
    users.is_active,
    users.last_login_at
from app.users
where
    %(user_id)s::bigint is null
    or users.user_id = %(user_id)s
order by users.is_active desc, users.name asc, users.email asc
