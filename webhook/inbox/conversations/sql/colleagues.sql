select
    users.user_id,
    users.name
from app.users
where users.is_active
order by users.name, users.user_id
