select
    users.user_id,
    users.name
from app.users
where users.is_active and users.role in ('admin', 'agent')
order by users.name, users.user_id
